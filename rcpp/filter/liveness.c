// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * An analysed function in, item.live out: the textbook backward dataflow over basic blocks, with a
 * work list, so each block is looked at again only if one of its successors has grown. A set has 22
 * members, so no block is looked at more than 22 times an edge: linear, however the jumps are
 * woven.
 *
 * Blocks run through one section: the statements of a cold part in between are not in the way.
 */
#include <stdlib.h>
#include "liveness.h"
#include "memory.h"
#include "returns.h"
#include "target.h"

#define NO_BLOCK UINT32_MAX

struct block {
	uint32_t last;	       /* last item; items of a block are linked backwards */
	uint32_t successor[2]; /* NO_BLOCK: none */
	uint32_t predecessors; /* first index in graph.predecessors */
	resources use, kill;   /* of the whole block */
	resources leaving;     /* live at its end for reasons outside of the graph */
	resources live_in;
	bool queued;
};

struct graph {
	struct function *function;
	struct block *blocks;
	uint32_t count;
	uint32_t *block_of;	/* item to block */
	uint32_t *previous;	/* item to the item before it in its block, or NO_ITEM */
	uint32_t *predecessors; /* of all blocks, one list behind the other */
};

/*
 * Outlined pieces of functions, regcall functions, and those of LLVM's other languages, return in
 * whatever registers they like.
 */
static bool has_own_convention(const struct function *function, const struct item *item)
{
	const struct survey *survey = function->survey;
	struct span name = item_function(function, item);

	return !name.length || (survey->marked_ends && !survey->clang) ||
	       span_begins(name, "OUTLINED_FUNCTION_") ||
	       span_contains(name, "__regcall"); /* in C++ it is a part of the name */
}

/* RETURNS_* of the function that an item is in, by the labels that stand where it begins. */
static uint32_t results_of(const struct function *function, const struct item *item)
{
	for (uint32_t i = item->function_name; i < function->count; i++) {
		const struct item *other = &function->items[i];
		const uint32_t *results = NULL;

		if (other->section != item->section)
			continue;
		if (other->flow != FLOW_LABEL && other->flow != FLOW_NONE)
			break;
		if (other->statement.kind == STATEMENT_LABEL)
			results = names_find(&function->survey->returns,
					     statement_name(&other->statement));
		if (results)
			return *results;
	}
	return RETURNS_FIRST | RETURNS_SECOND;
}

/* At a return: results and what the caller must find again. Flags do not outlive a call. */
static resources live_at_return(const struct function *function, const struct item *item)
{
	resources free = processor.dead_at_return;
	uint32_t results;

	if (!function->compiled || item->by_hand || has_own_convention(function, item))
		return RESOURCE_ALL;
	results = results_of(function, item);
	free |= results & RETURNS_FIRST ? 0 : processor.first_result;
	free |= results & RETURNS_SECOND ? 0 : processor.second_result;
	return (RESOURCE_REGISTERS & ~free) | function->preserved;
}

static bool ends_block(const struct item *item)
{
	return item->flow == FLOW_JUMP || item->flow == FLOW_BRANCH || item->flow == FLOW_RETURN ||
	       item->flow == FLOW_TRAP;
}

/* Cut the items of each section into blocks; a block that another follows falls through to it. */
static void find_blocks(struct graph *graph)
{
	struct function *function = graph->function;
	uint32_t sections = function->section_count;
	uint32_t *open = allocate((sections + 1) * sizeof *open); /* block of a section, if open */
	uint32_t *fallen = allocate((sections + 1) * sizeof *fallen);

	for (uint32_t s = 0; s < sections; s++)
		open[s] = fallen[s] = NO_BLOCK;
	for (uint32_t i = 0; i < function->count; i++) {
		const struct item *item = &function->items[i];
		uint32_t section = item->section_slot, block = open[section];

		if (block == NO_BLOCK || item->flow == FLOW_LABEL) {
			if (block != NO_BLOCK)
				fallen[section] = block;
			block = open[section] = graph->count++;
			graph->blocks[block] = (struct block){.successor = {NO_BLOCK, NO_BLOCK},
							      .leaving = RESOURCE_ALL};
			if (fallen[section] != NO_BLOCK) {
				graph->blocks[fallen[section]].successor[0] = block;
				graph->blocks[fallen[section]].leaving = 0;
			}
			graph->previous[i] = NO_ITEM;
		} else {
			graph->previous[i] = graph->blocks[block].last;
		}
		graph->blocks[block].last = i;
		graph->block_of[i] = block;
		if (ends_block(item)) {
			fallen[section] = item->flow == FLOW_BRANCH ? block : NO_BLOCK;
			open[section] = NO_BLOCK;
		}
	}
	free(open);
	free(fallen);
}

static bool ends_in_call(const struct graph *graph, const struct block *block)
{
	uint32_t i = block->last;

	while (i != NO_ITEM && graph->function->items[i].flow == FLOW_NONE)
		i = graph->previous[i];
	return i != NO_ITEM && graph->function->items[i].flow == FLOW_CALL;
}

/* What the last item of a block adds: where it may go besides falling through. */
static void close_block(struct graph *graph, struct block *block)
{
	const struct item *last = &graph->function->items[block->last];

	switch (last->flow) {
	case FLOW_RETURN:
		block->leaving = live_at_return(graph->function, last);
		break;
	case FLOW_TRAP: /* a handler may show registers to somebody */
		block->leaving = RESOURCE_REGISTERS;
		break;
	case FLOW_JUMP:
		block->leaving = 0;
		/* fall through */
	case FLOW_BRANCH: /* if nothing follows it, it falls into the unknown, too */
		if (last->target == NO_ITEM)
			block->leaving |= live_elsewhere(last);
		else
			block->successor[1] = graph->block_of[last->target];
		break;
	default:
		/* It falls through, or into the unknown: find_blocks() has said so. But where
		 * nothing follows a compiler's call, what it calls does not return. */
		if (block->successor[0] == NO_BLOCK && graph->function->compiled &&
		    ends_in_call(graph, block))
			block->leaving = RESOURCE_REGISTERS;
		break;
	}
}

static void summarize_block(struct graph *graph, struct block *block)
{
	for (uint32_t i = block->last; i != NO_ITEM; i = graph->previous[i]) {
		const struct item *item = &graph->function->items[i];

		block->use = (block->use & ~item->kill) | item->use;
		block->kill |= item->kill;
	}
}

/* Lists of predecessors, counted first so that they fit into one array. */
static void find_predecessors(struct graph *graph)
{
	uint32_t total = 0;

	for (uint32_t b = 0; b < graph->count; b++)
		for (int s = 0; s < 2; s++)
			if (graph->blocks[b].successor[s] != NO_BLOCK)
				graph->blocks[graph->blocks[b].successor[s]].predecessors++;
	for (uint32_t b = 0; b < graph->count; b++) {
		total += graph->blocks[b].predecessors;
		graph->blocks[b].predecessors = total; /* its end; filling moves it to its begin */
	}
	graph->predecessors = allocate((total + 1) * sizeof *graph->predecessors);
	for (uint32_t b = 0; b < graph->count; b++) {
		for (int s = 0; s < 2; s++) {
			uint32_t successor = graph->blocks[b].successor[s];

			if (successor != NO_BLOCK)
				graph->predecessors[--graph->blocks[successor].predecessors] = b;
		}
	}
	graph->blocks[graph->count].predecessors = total;
}

static resources live_out(const struct graph *graph, const struct block *block)
{
	resources live = block->leaving;

	for (int s = 0; s < 2; s++)
		if (block->successor[s] != NO_BLOCK)
			live |= graph->blocks[block->successor[s]].live_in;
	return live;
}

static void solve_blocks(struct graph *graph)
{
	uint32_t *queue = allocate((graph->count + 1) * sizeof *queue);
	uint32_t pending = graph->count;

	for (uint32_t b = 0; b < graph->count; b++) {
		queue[b] = b; /* taken from the end: last block first */
		graph->blocks[b].queued = true;
	}
	while (pending) {
		uint32_t b = queue[--pending];
		struct block *block = &graph->blocks[b];
		resources live = (live_out(graph, block) & ~block->kill) | block->use;

		block->queued = false;
		if (live == block->live_in)
			continue;
		block->live_in = live;
		for (uint32_t p = block->predecessors; p < block[1].predecessors; p++) {
			struct block *predecessor = &graph->blocks[graph->predecessors[p]];

			if (!predecessor->queued) {
				predecessor->queued = true;
				queue[pending++] = graph->predecessors[p];
			}
		}
	}
	free(queue);
}

static void solve_items(struct graph *graph)
{
	for (uint32_t b = 0; b < graph->count; b++) {
		resources live = live_out(graph, &graph->blocks[b]);

		for (uint32_t i = graph->blocks[b].last; i != NO_ITEM; i = graph->previous[i]) {
			struct item *item = &graph->function->items[i];

			item->live = live;
			live = live_before(item);
		}
	}
}

void liveness_solve(struct function *function)
{
	struct graph graph = {.function = function};

	graph.blocks = allocate((function->count + 1) * sizeof *graph.blocks);
	graph.block_of = allocate(function->count * sizeof *graph.block_of);
	graph.previous = allocate(function->count * sizeof *graph.previous);
	find_blocks(&graph);
	for (uint32_t b = 0; b < graph.count; b++) {
		close_block(&graph, &graph.blocks[b]);
		summarize_block(&graph, &graph.blocks[b]);
	}
	find_predecessors(&graph);
	solve_blocks(&graph);
	solve_items(&graph);
	free(graph.blocks);
	free(graph.block_of);
	free(graph.previous);
	free(graph.predecessors);
}
