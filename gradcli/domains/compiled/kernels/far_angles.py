"""Angles beyond 2**30, less their quarter turns: with whole numbers of 192 bits, one number after the other.

The C library's functions do not serve: at floats that lie next to a multiple of pi/2 they are wrong by thousands of
units in the last place (glibc 2.36: 7,500 of the sine of 1.2085420784183104e+44).
"""

from __future__ import annotations

from gradcli.domains.compiled.writer import BITS, NUMBERS, WIDTH, Pair, Vector, Writer

# Of 2/pi 1,256 bits behind the point (mpmath), in words of 64 bits, after 24 zeros: the bit of 2**-k is at k + 23.
_TWO_BY_PI = (
    "000000a2f9836e4e441529fc2757d1f534ddc0db6295993c439041fe5163abdebbc561b7246e3a424dd2e006492eea09d1921cfe1d"
    "eb1cb129a73ee88235f52ebb4484e99c7026b45f7e413991d639835339f49c845f8bbdf9283b1ff897ffde05980fef2f118b"
    "5a0a6d1f6d367ecf27cb09b74f463f669e5fea2d7527bac7ebe5f17b3d0739f78a5292ea6bfb5fb11f8d5d0856033046fc7b"
    "6babf0cfbc209a"
)
_WORDS = [int(_TWO_BY_PI[k : k + 16], 16) for k in range(0, len(_TWO_BY_PI), 16)]

# x = m*2**e: of 2/pi what is below 4 after a product with 2**e counts, 192 bits of it (M. H. Payne and R. N. Hanek,
# SIGNUM Newsletter 18, 1983). The product's first two bits, rounded, are quarter turns; the others make a fraction,
# whose leading zeros go before it is taken as two numbers and multiplied with pi/2.
_REDUCTION = f"""
@two_by_pi = internal constant [{len(_WORDS)} x i64] [{", ".join(f"i64 {word}" for word in _WORDS)}]
declare i64 @llvm.fshl.i64(i64, i64, i64)
declare i64 @llvm.ctlz.i64(i64, i1)
declare i64 @llvm.umin.i64(i64, i64)
declare double @llvm.fma.f64(double, double, double)
define internal void @far_angles({NUMBERS} %x, ptr %turns, ptr %highs, ptr %lows) #1 {{
entry:
br label %body
body:
%k = phi i64 [ 0, %entry ], [ %next, %body ]
%one = extractelement {NUMBERS} %x, i64 %k
%bits = bitcast double %one to i64
%exponent = lshr i64 %bits, 52
%low = and i64 %bits, {2**52 - 1}
%m = or i64 %low, {2**52}
%from = sub i64 %exponent, 1053
%first = call i64 @llvm.umin.i64(i64 %from, i64 994)
%word = lshr i64 %first, 6
%shift = and i64 %first, 63
%p0 = getelementptr i64, ptr @two_by_pi, i64 %word
%p1 = getelementptr i64, ptr %p0, i64 1
%p2 = getelementptr i64, ptr %p0, i64 2
%p3 = getelementptr i64, ptr %p0, i64 3
%w0 = load i64, ptr %p0
%w1 = load i64, ptr %p1
%w2 = load i64, ptr %p2
%w3 = load i64, ptr %p3
%v0 = call i64 @llvm.fshl.i64(i64 %w0, i64 %w1, i64 %shift)
%v1 = call i64 @llvm.fshl.i64(i64 %w1, i64 %w2, i64 %shift)
%v2 = call i64 @llvm.fshl.i64(i64 %w2, i64 %w3, i64 %shift)
%long = zext i64 %m to i128
%long1 = zext i64 %v1 to i128
%long2 = zext i64 %v2 to i128
%product2 = mul i128 %long, %long2
%r2 = trunc i128 %product2 to i64
%carry2 = lshr i128 %product2, 64
%product1 = mul i128 %long, %long1
%sum1 = add i128 %product1, %carry2
%r1 = trunc i128 %sum1 to i64
%over1 = lshr i128 %sum1, 64
%carry1 = trunc i128 %over1 to i64
%product0 = mul i64 %m, %v0
%r0 = add i64 %product0, %carry1
%rounded = add i64 %r0, {2**61}
%turn = lshr i64 %rounded, 62
%f0 = call i64 @llvm.fshl.i64(i64 %r0, i64 %r1, i64 2)
%f1 = call i64 @llvm.fshl.i64(i64 %r1, i64 %r2, i64 2)
%f2 = shl i64 %r2, 2
%sign = ashr i64 %f0, 63
%g0 = xor i64 %f0, %sign
%g1 = xor i64 %f1, %sign
%g2 = xor i64 %f2, %sign
%zeros = call i64 @llvm.ctlz.i64(i64 %g0, i1 false)
%n0 = call i64 @llvm.fshl.i64(i64 %g0, i64 %g1, i64 %zeros)
%n1 = call i64 @llvm.fshl.i64(i64 %g1, i64 %g2, i64 %zeros)
%top = lshr i64 %n0, 11
%rest0 = and i64 %n0, 2047
%rest1 = shl i64 %rest0, 42
%rest2 = lshr i64 %n1, 22
%rest = or i64 %rest1, %rest2
%high0 = sitofp i64 %top to double
%low0 = sitofp i64 %rest to double
%power0 = sub i64 {1023 - 53}, %zeros
%power1 = shl i64 %power0, 52
%minus = and i64 %sign, {-(2**63)}
%power2 = or i64 %power1, %minus
%power = bitcast i64 %power2 to double
%high = fmul double %high0, %power
%low1 = fmul double %low0, 0x{1023 - 53 << 52:016X}
%low2 = fmul double %low1, %power
%y = fmul double %high, 0x3FF921FB54442D18
%negative = fneg double %y
%lost = call double @llvm.fma.f64(double %high, double 0x3FF921FB54442D18, double %negative)
%lost1 = call double @llvm.fma.f64(double %high, double 0x3C91A62633145C07, double %lost)
%lost2 = call double @llvm.fma.f64(double %low2, double 0x3FF921FB54442D18, double %lost1)
%at_turn = getelementptr i64, ptr %turns, i64 %k
%at_high = getelementptr double, ptr %highs, i64 %k
%at_low = getelementptr double, ptr %lows, i64 %k
store i64 %turn, ptr %at_turn
store double %y, ptr %at_high
store double %lost2, ptr %at_low
%next = add i64 %k, 1
%more = icmp ult i64 %next, {WIDTH}
br i1 %more, label %body, label %exit
exit:
ret void
}}"""


def far_reduced(m: Writer, x: Vector) -> tuple[Vector, Pair]:
    """As `reduced` of gradcli.domains.compiled.kernels.trigonometric, for x from 2**30 to the largest number."""
    m.declared.add(_REDUCTION)
    places = [m.emit(f"alloca {kind}, align 64") for kind in (BITS, NUMBERS, NUMBERS)]
    m.lines.append(f"call void @far_angles({NUMBERS} {x.name}, {', '.join(f'ptr {place}' for place in places)})")
    turn, high, low = (
        m.vector(m.emit(f"load {kind}, ptr {place}, align 64"), kind)
        for kind, place in zip((BITS, NUMBERS, NUMBERS), places, strict=True)
    )
    return turn, (high, low)
