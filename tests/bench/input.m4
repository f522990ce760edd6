dnl SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
dnl Macros of all kinds, SIZE rounds of them: what m4 is measured on.
divert(-1)changequote([, ])
define([repeat], [ifelse(eval($1 > 0), 1, [$2([$1])[]repeat(decr($1), [$2])])])
define([fibonacci], [ifelse(eval($1 < 2), 1, [$1], [eval(fibonacci(decr($1)) + fibonacci(eval($1 - 2)))])])
define([reverse], [ifelse(len([$1]), 0, [], [reverse(substr([$1], 1))[]substr([$1], 0, 1)])])
define([list], [ifelse([$#], 1, [<$1>], [<$1>list(shift($@))])])
define([words], [translit(patsubst([$1], [\([a-z]*\)-], [\1_]), [a-z], [A-Z])])
define([record], [define([field_$1], [value eval($1 * 7 % 13)])pushdef([last], [$1])dnl
ifdef([field_$1], [field_$1: last]) format([%08d %-8s|], [$1], field_$1) index([abcdefgh], [ef])popdef([last])
])
define([round], [number $1: fibonacci(11) reverse([the quick brown fox]) words([over-the-lazy-dog-])
list(a, b, c, d, e, f, g, h, i, j)
repeat(40, [record])])
divert[]dnl
repeat(SIZE, [round])
