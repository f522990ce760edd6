// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// What C++ has besides: members, references, templates, instances that are declared elsewhere.
#include <rcpp.h>

__patchable unsigned long divisor = 1;

struct copied {
	unsigned long a;
	copied(unsigned long x) : a(x) {}
	copied(const copied &c) : a(c.a + 1) {}
};

class counter {
public:
	unsigned long value;
	counter(unsigned long x);
	~counter();
	unsigned long rax_member(unsigned long x) const;
	void nothing_member(unsigned long x);
	static int rax_static(unsigned long x);
	virtual unsigned long &rax_virtual(unsigned long x);
};

counter::counter(unsigned long x) : value(x / divisor) {}
counter::~counter() { value /= divisor; }
unsigned long counter::rax_member(unsigned long x) const { return value + x / divisor; }
void counter::nothing_member(unsigned long x) { value = x / divisor; }
int counter::rax_static(unsigned long x) { return (int)(x / divisor); }
unsigned long &counter::rax_virtual(unsigned long x)
{
	value = x / divisor;
	return value;
}

template <typename T> __attribute__((noinline)) T both_template(unsigned long x)
{
	return T{x / divisor, x % divisor};
}

struct pair {
	unsigned long a, b;
};

template pair both_template<pair>(unsigned long);

auto rax_auto(unsigned long x) { return x / divisor; }
copied unknown_copied(unsigned long x) { return copied(x / divisor); }
typedef unsigned long counter::*member;
member unknown_pointer_to_member(unsigned long *to, unsigned long x)
{
	*to = x / divisor;
	return &counter::value;
}
decltype(nullptr) unknown_null(unsigned long *to, unsigned long x)
{
	*to = x / divisor;
	return nullptr;
}
typedef int vector __attribute__((vector_size(8)));
vector unknown_vector(unsigned long x) { return vector{(int)(x / divisor), 2}; }

// A thunk of clang's has no type, and its method within.
struct first {
	virtual long first_method(long x);
	long a;
};
struct second {
	virtual long second_method(long x, long *to, long add);
	long b;
};
long first::first_method(long x) { return x; }
long second::second_method(long x, long *, long) { return x; }
struct both : first, second {
	long second_method(long x, long *to, long add) override;
};
long both::second_method(long x, long *to, long add)
{
	*to = add + (long)divisor;
	return x;
}

second *new_second() { return new both; }
