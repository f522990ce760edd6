/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What nginx has in variables: numbers, and the functions through which all of its work goes. The
 * other value of each function is one of ours that calls it.
 */
#include <ngx_http.h>

#define OTHER_FUNCTION(result, name, parameters, arguments)                                        \
	static result(*first_##name) parameters;                                                   \
	static result other_##name parameters                                                      \
	{                                                                                          \
		return first_##name arguments;                                                     \
	}

OTHER_FUNCTION(ngx_int_t, header_filter, (ngx_http_request_t * r), (r))
OTHER_FUNCTION(ngx_int_t, body_filter, (ngx_http_request_t * r, ngx_chain_t *in), (r, in))
OTHER_FUNCTION(ssize_t, recv, (ngx_connection_t * c, u_char *buf, size_t size), (c, buf, size))
OTHER_FUNCTION(ssize_t, recv_chain, (ngx_connection_t * c, ngx_chain_t *in, off_t limit),
	       (c, in, limit))
OTHER_FUNCTION(ssize_t, send, (ngx_connection_t * c, u_char *buf, size_t size), (c, buf, size))
OTHER_FUNCTION(ngx_chain_t *, send_chain, (ngx_connection_t * c, ngx_chain_t *in, off_t limit),
	       (c, in, limit))
OTHER_FUNCTION(ngx_int_t, add, (ngx_event_t * ev, ngx_int_t event, ngx_uint_t flags),
	       (ev, event, flags))
OTHER_FUNCTION(ngx_int_t, del, (ngx_event_t * ev, ngx_int_t event, ngx_uint_t flags),
	       (ev, event, flags))
OTHER_FUNCTION(ngx_int_t, add_conn, (ngx_connection_t * c), (c))
OTHER_FUNCTION(ngx_int_t, del_conn, (ngx_connection_t * c, ngx_uint_t flags), (c, flags))
OTHER_FUNCTION(ngx_int_t, process_events, (ngx_cycle_t * cycle, ngx_msec_t timer, ngx_uint_t flags),
	       (cycle, timer, flags))

#define NUMBER(variable, value)                                                                    \
	{                                                                                          \
		&variable, &(const __typeof__(variable)){value}, sizeof(variable)                  \
	}
#define FUNCTION(variable, name) NUMBER(variable, other_##name)

static const struct setting_to_change settings_to_change[] = {
	NUMBER(ngx_ncpu, 1),
	NUMBER(ngx_tcp_nodelay_and_tcp_nopush, 0),
	NUMBER(ngx_accept_mutex_delay, 100),
	FUNCTION(ngx_http_top_header_filter, header_filter),
	FUNCTION(ngx_http_top_body_filter, body_filter),
	FUNCTION(ngx_io.recv, recv),
	FUNCTION(ngx_io.recv_chain, recv_chain),
	FUNCTION(ngx_io.send, send),
	FUNCTION(ngx_io.send_chain, send_chain),
	FUNCTION(ngx_event_actions.add, add),
	FUNCTION(ngx_event_actions.del, del),
	FUNCTION(ngx_event_actions.add_conn, add_conn),
	FUNCTION(ngx_event_actions.del_conn, del_conn),
	FUNCTION(ngx_event_actions.process_events, process_events),
};

static void settle(void)
{
	first_header_filter = ngx_http_top_header_filter;
	first_body_filter = ngx_http_top_body_filter;
	first_recv = ngx_io.recv;
	first_recv_chain = ngx_io.recv_chain;
	first_send = ngx_io.send;
	first_send_chain = ngx_io.send_chain;
	first_add = ngx_event_actions.add;
	first_del = ngx_event_actions.del;
	first_add_conn = ngx_event_actions.add_conn;
	first_del_conn = ngx_event_actions.del_conn;
	first_process_events = ngx_event_actions.process_events;
}
