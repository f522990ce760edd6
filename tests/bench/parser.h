/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A packet parser with twenty settings. Included once for each placement of the settings: OF(name)
 * is the name of this copy's, PLACED an attribute of its settings.
 */
SETTLED(bool, OF(vlan), true);
SETTLED(bool, OF(checksum), true);
SETTLED(bool, OF(fragments), false);
SETTLED(bool, OF(logging), false);
SETTLED(bool, OF(mirror), false);
SETTLED(bool, OF(filter), true);
SETTLED(bool, OF(strict), true);
SETTLED(bool, OF(congestion), false);
SETTLED(bool, OF(options), true);
SETTLED(bool, OF(limiting), true);
SETTLED(unsigned, OF(version), 4);
SETTLED(unsigned, OF(smallest), 64);
SETTLED(unsigned, OF(largest), 1518);
SETTLED(unsigned, OF(lifetime), 2);
SETTLED(unsigned, OF(port), 179);
SETTLED(unsigned, OF(option_words), 5);
SETTLED(unsigned, OF(flow_shift), 32 - 12);
SETTLED(unsigned, OF(queues), 12);
SETTLED(unsigned long, OF(secret), 0x5bd1e9955bd1e995);
SETTLED(unsigned long *, OF(flows), slots);

static NOINLINE unsigned long OF(parse)(const struct packet *packet)
{
	unsigned length = packet->length, options;
	unsigned long key = packet->address, verdict = 1;

	if (IS_SET(OF(vlan)) && packet->tag == 0x8100)
		length -= 4;
	if (packet->version != READ(OF(version)))
		return 2;
	if (length < READ(OF(smallest)) || length > READ(OF(largest)))
		return 3;
	if (IS_SET(OF(checksum)) && packet->sum == 0xffff)
		return 4;
	if (!IS_SET(OF(fragments)) && packet->fragment)
		return 5;
	if (packet->lifetime < READ(OF(lifetime)))
		return 6;
	options = packet->words;
	if (options > READ(OF(option_words)) && (IS_SET(OF(strict)) || !IS_SET(OF(options))))
		return 7;
	if (IS_SET(OF(filter)) && packet->port == READ(OF(port)))
		verdict = 8;
	if (IS_SET(OF(congestion)) && packet->bits & 3)
		verdict += 16;
	if (IS_SET(OF(logging)) || IS_SET(OF(mirror)))
		others[key & 0xff]++;
	key = (key ^ READ(OF(secret))) * GOLDEN;
	verdict += READ(OF(flows))[SHIFT_RIGHT((uint32_t)(key >> 32), OF(flow_shift))];
	if (IS_SET(OF(limiting)))
		verdict += (uint32_t)key % READ(OF(queues));
	return verdict;
}

static unsigned long OF(parser)(unsigned long seed)
{
	unsigned long sum = 0;

	for (int i = 0; i < STEPS; i++) {
		sum += OF(parse)(&packets[(seed + (unsigned)i) % PACKETS]);
		MIX(sum);
	}
	return sum;
}
