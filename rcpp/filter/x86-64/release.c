// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The code of rcpp_release(), see emit.c. It is written as bytes: at the end of the file the syntax
 * may differ, and mnemonics may be macros.
 */
#include "release.h"

const char release_code[] =
	"\t.byte 0xf3,0x0f,0x1e,0xfa # endbr64\n"
	/* 1: which process closes or opens the variables? */
	"\t.byte 0x44,0x8b,0x05; .long rcpp_unloading+16-4-. # movl rcpp_unloading+16(%rip), %r8d\n"
	"\t.byte 0x41,0x83,0xf8,0xff, 0x74,0x23 # cmpl $-1, %r8d; je 3f\n"
	"\t.byte 0x45,0x85,0xc0, 0x74,0x0c # testl %r8d, %r8d; je 2f\n"
	"\t.byte 0xb8; .long 39; .byte 0x0f,0x05 # movl $39, %eax; syscall: getpid\n"
	"\t.byte 0x41,0x39,0xc0, 0x74,0x40 # cmpl %eax, %r8d; je 5f\n"
	/* 2: none of this one */
	"\t.byte 0x44,0x89,0xc0, 0xba; .long -1 # movl %r8d, %eax; movl $-1, %edx\n"
	"\t.byte 0xf0,0x0f,0xb1,0x15; .long rcpp_unloading+16-4-. # lock cmpxchgl %edx, "
	"rcpp_unloading+16(%rip)\n"
	"\t.byte 0x75,0xd0 # jne 1b\n"
	/* 3: whole pages */
	"\t.byte 0x48,0x8d,0x3d; .long __start_rcpp_patchable+4095-4-. # leaq "
	"__start_rcpp_patchable+4095(%rip), %rdi\n"
	"\t.byte 0x48,0x81,0xe7; .long -4096 # andq $-4096, %rdi\n"
	"\t.byte 0x48,0x8d,0x35; .long __stop_rcpp_patchable-4-. # leaq "
	"__stop_rcpp_patchable(%rip), %rsi\n"
	"\t.byte 0x48,0x81,0xe6; .long -4096 # andq $-4096, %rsi\n"
	"\t.byte 0x48,0x29,0xfe, 0x76,0x0c # subq %rdi, %rsi; jbe 4f\n"
	"\t.byte 0xba; .long 3 # movl $3, %edx: PROT_READ | PROT_WRITE\n"
	"\t.byte 0xb8; .long 10; .byte 0x0f,0x05 # movl $10, %eax; syscall: mprotect\n"
	"\t.byte 0xc3 # 4: ret\n"
	"\t.byte 0x68; .long 100000; .byte 0x6a,0 # 5: pushq $100000; pushq $0\n"
	"\t.byte 0x48,0x89,0xe7, 0x31,0xf6 # movq %rsp, %rdi; xorl %esi, %esi\n"
	"\t.byte 0xb8; .long 35; .byte 0x0f,0x05 # movl $35, %eax; syscall: nanosleep\n"
	"\t.byte 0x48,0x83,0xc4,16, 0xeb,0x89 # addq $16, %rsp; jmp 1b\n";
