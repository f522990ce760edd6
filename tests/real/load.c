// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Clients of a server on this machine, which check each byte of each answer:
 *
 *	load memcached PORT SECONDS CLIENTS	sets, gets, touches, increments and deletes items
 *	load http PORT SECONDS CLIENTS	gets files, whole and in parts, and what is no file
 *	load files DIRECTORY	makes these files
 *
 * Each client is a thread with a connection of its own. Prints how many requests were answered, and
 * how many a second; the first that fails ends it with status 1.
 */
#define _GNU_SOURCE 1
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define CHECK(condition, what)                                                                     \
	do {                                                                                       \
		if (!(condition)) {                                                                \
			printf("%s:%d: %s\n%.300s\n", __FILE__, __LINE__, #condition, what);       \
			exit(1);                                                                   \
		}                                                                                  \
	} while (0)

#define CLIENTS_MAX 64
#define ITEMS	    64
#define ANSWER_MAX  (1 << 18)

struct client {
	unsigned int number;
	int connection;
	unsigned long random;
	unsigned long requests;
	unsigned int generation[ITEMS]; /* of memcached's items; 0: there is none */
	char request[ANSWER_MAX], answer[ANSWER_MAX], expected[ANSWER_MAX];
};

static unsigned short port;
static atomic_bool stop;

static unsigned int draw(struct client *client, unsigned int count)
{
	client->random = client->random * 6364136223846793005UL + 1442695040888963407UL;
	return (unsigned int)(client->random >> 33) % count;
}

static size_t size_of(unsigned int item)
{
	return item % 16 == 15 ? item * 1500 : item * item;
}

/* What is in an item, or a file. */
static void fill(char *bytes, unsigned int item, unsigned int generation)
{
	size_t size = size_of(item);

	for (size_t i = 0; i < size; i++)
		bytes[i] = (char)(i * 31 + i / 256 + item * 131 + generation * 7);
}

/* ---- Connections ---- */

static void open_connection(struct client *client)
{
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
	int one = 1;

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	client->connection = socket(AF_INET, SOCK_STREAM, 0);
	CHECK(!connect(client->connection, (struct sockaddr *)&address, sizeof(address)),
	      "no connection");
	setsockopt(client->connection, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
}

static void send_all(struct client *client, size_t size)
{
	for (size_t sent = 0; sent < size;) {
		ssize_t count =
			send(client->connection, client->request + sent, size - sent, MSG_NOSIGNAL);

		CHECK(count > 0, client->request);
		sent += (size_t)count;
	}
}

/* At least so much of the answer; `got` of it is there. */
static size_t receive(struct client *client, size_t got, size_t wanted)
{
	while (got < wanted) {
		ssize_t count = recv(client->connection, client->answer + got,
				     sizeof(client->answer) - 1 - got, 0);

		CHECK(count > 0, client->request);
		got += (size_t)count;
	}
	client->answer[got] = 0;
	return got;
}

/* Nothing but these bytes. */
static void expect(struct client *client, size_t size)
{
	CHECK(receive(client, 0, size) == size, client->answer);
	CHECK(!memcmp(client->answer, client->expected, size), client->answer);
}

/* ---- memcached ---- */

static void expect_line(struct client *client, const char *line)
{
	expect(client, (size_t)sprintf(client->expected, "%s\r\n", line));
}

static void set_item(struct client *client, unsigned int item)
{
	size_t length = (size_t)sprintf(client->request, "set k%u.%u 0 0 %zu\r\n", client->number,
					item, size_of(item));

	fill(client->request + length, item, ++client->generation[item]);
	length += size_of(item);
	length += (size_t)sprintf(client->request + length, "\r\n");
	send_all(client, length);
	expect_line(client, "STORED");
}

static void get_item(struct client *client, unsigned int item)
{
	size_t length = 0;

	send_all(client, (size_t)sprintf(client->request, "get k%u.%u\r\n", client->number, item));
	if (client->generation[item]) {
		length = (size_t)sprintf(client->expected, "VALUE k%u.%u 0 %zu\r\n", client->number,
					 item, size_of(item));
		fill(client->expected + length, item, client->generation[item]);
		length += size_of(item);
		length += (size_t)sprintf(client->expected + length, "\r\n");
	}
	length += (size_t)sprintf(client->expected + length, "END\r\n");
	expect(client, length);
}

static void delete_item(struct client *client, unsigned int item)
{
	bool there = client->generation[item];

	send_all(client,
		 (size_t)sprintf(client->request, "delete k%u.%u\r\n", client->number, item));
	expect_line(client, there ? "DELETED" : "NOT_FOUND");
	client->generation[item] = 0;
}

static void touch_item(struct client *client, unsigned int item)
{
	send_all(client, (size_t)sprintf(client->request, "touch k%u.%u %u\r\n", client->number,
					 item, draw(client, 2) * 1000));
	expect_line(client, client->generation[item] ? "TOUCHED" : "NOT_FOUND");
}

/* A number, with a lifetime that is longer or shorter than temporary_ttl. */
static void count_up(struct client *client)
{
	unsigned int first = draw(client, 1000), more = draw(client, 100000);
	char number[16];
	int digits = sprintf(number, "%u", first);

	send_all(client, (size_t)sprintf(client->request, "set n%u 0 %u %d\r\n%s\r\n",
					 client->number, 50 + draw(client, 100), digits, number));
	expect_line(client, "STORED");
	send_all(client, (size_t)sprintf(client->request, "incr n%u %u\r\n", client->number, more));
	sprintf(number, "%u", first + more);
	expect_line(client, number);
}

static void ask_memcached(struct client *client)
{
	unsigned int item = draw(client, ITEMS);

	switch (draw(client, 16)) {
	case 0:
		delete_item(client, item);
		break;
	case 1:
		touch_item(client, item);
		break;
	case 2:
		count_up(client);
		break;
	case 3:
	case 4:
	case 5:
		set_item(client, item);
		break;
	default:
		get_item(client, item);
		break;
	}
}

/* ---- HTTP ---- */

/* The header, then these bytes of the file. */
static void expect_file(struct client *client, const char *status, unsigned int item, size_t first,
			size_t size)
{
	size_t got = receive(client, 0, 1);
	const char *body;
	char length[64];

	while (!(body = strstr(client->answer, "\r\n\r\n")))
		got = receive(client, got, got + 1);
	body += 4;
	sprintf(length, "\r\nContent-Length: %zu\r\n", size);
	CHECK(!strncmp(client->answer, status, strlen(status)), client->answer);
	CHECK(strstr(client->answer, length), client->answer);
	got = receive(client, got, (size_t)(body - client->answer) + size);
	CHECK(got == (size_t)(body - client->answer) + size, client->answer);
	fill(client->expected, item, 0);
	CHECK(!memcmp(body, client->expected + first, size), client->answer);
}

static void expect_none(struct client *client)
{
	size_t got = receive(client, 0, 1);

	while (!strstr(client->answer, "</html>\r\n"))
		got = receive(client, got, got + 1);
	CHECK(!strncmp(client->answer, "HTTP/1.1 404 ", 13), client->answer);
}

static void ask_http(struct client *client)
{
	static const char *const ways[] = {"", "/threads", "/proxy"};
	const char *way = ways[draw(client, 3)];
	unsigned int item = draw(client, ITEMS), kind = draw(client, 16);
	bool close_it = draw(client, 64) == 0, part = kind == 1 && size_of(item) > 300;
	size_t length = (size_t)sprintf(
		client->request, "GET %s/%u%s HTTP/1.1\r\nHost: here\r\nConnection: %s\r\n", way,
		item, kind ? "" : "none", close_it ? "close" : "keep-alive");

	if (part)
		length += (size_t)sprintf(client->request + length, "Range: bytes=100-299\r\n");
	length += (size_t)sprintf(client->request + length, "\r\n");
	send_all(client, length);
	if (!kind)
		expect_none(client);
	else if (part)
		expect_file(client, "HTTP/1.1 206 ", item, 100, 200);
	else
		expect_file(client, "HTTP/1.1 200 ", item, 0, size_of(item));
	if (close_it) {
		CHECK(recv(client->connection, client->answer, 1, 0) == 0, client->request);
		close(client->connection);
		open_connection(client);
	}
}

static void make_files(const char *directory)
{
	static char bytes[ANSWER_MAX];

	for (unsigned int item = 0; item < ITEMS; item++) {
		char name[4096];
		FILE *file;

		snprintf(name, sizeof(name), "%s/%u", directory, item);
		file = fopen(name, "w");
		CHECK(file, name);
		fill(bytes, item, 0);
		CHECK(fwrite(bytes, 1, size_of(item), file) == size_of(item), name);
		CHECK(!fclose(file), name);
	}
}

/* ---- Clients ---- */

static void (*ask)(struct client *client);

static void *run(void *context)
{
	struct client *client = context;

	open_connection(client);
	for (; !stop; client->requests++)
		ask(client);
	return NULL;
}

static void run_clients(unsigned int seconds, unsigned int count)
{
	struct client *clients = calloc(count, sizeof(*clients));
	pthread_t threads[CLIENTS_MAX];
	unsigned long requests = 0;
	struct timespec start, end;

	CHECK(clients, "memory");
	clock_gettime(CLOCK_MONOTONIC, &start);
	for (unsigned int i = 0; i < count; i++) {
		clients[i].number = i;
		clients[i].random = i * 1000003UL;
		CHECK(!pthread_create(&threads[i], NULL, run, &clients[i]), "no thread");
	}
	sleep(seconds);
	stop = true;
	for (unsigned int i = 0; i < count; i++) {
		CHECK(!pthread_join(threads[i], NULL), "join");
		requests += clients[i].requests;
	}
	clock_gettime(CLOCK_MONOTONIC, &end);
	printf("%lu requests, %.0f a second\n", requests,
	       (double)requests / ((double)(end.tv_sec - start.tv_sec) +
				   (double)(end.tv_nsec - start.tv_nsec) * 1e-9));
}

int main(int count, char **arguments)
{
	if (count == 3 && !strcmp(arguments[1], "files")) {
		make_files(arguments[2]);
		return 0;
	}
	CHECK(count == 5 && atoi(arguments[4]) <= CLIENTS_MAX, "usage");
	port = (unsigned short)atoi(arguments[2]);
	ask = strcmp(arguments[1], "http") ? ask_memcached : ask_http;
	run_clients((unsigned int)atoi(arguments[3]), (unsigned int)atoi(arguments[4]));
	return 0;
}
