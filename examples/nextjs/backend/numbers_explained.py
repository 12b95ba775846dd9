"""What there is to say about a whole number, and about the numbers in a file."""

import re
from itertools import count
from math import isqrt

LARGEST = 10**12


def explain(message: str, files: list[tuple[str, bytes]]) -> str:
    """Of the files, and of the message when it has a number or there is nothing else."""
    found = re.search(r"\d[\d ,.]*", message)
    said = [about_file(name, data) for name, data in files]
    if found or not said:
        said.append(about_number(int(re.sub(r"\D", "", found.group())) if found else None))
    return "\n".join(said)


def about_file(name: str, data: bytes) -> str:
    try:
        numbers = [int(digits) for digits in re.findall(r"\d{1,12}", data.decode())]
    except UnicodeDecodeError:
        return f"{name} has {len(data):,} bytes, and no text in which I could look for numbers."
    if not numbers:
        return f"{name} has no whole numbers in it."
    counted = "one whole number" if len(numbers) == 1 else f"{len(numbers):,} whole numbers"
    return f"{name} has {counted}, from {min(numbers):,} to {max(numbers):,}, together {sum(numbers):,}."


def about_number(number: int | None) -> str:
    if number is None or not 0 < number <= LARGEST:
        return f"Ask me about a whole number from 1 to {LARGEST:,}: I know nothing else."
    return "\n".join([about_factors(number), about_squares(number), about_path(number)])


def about_factors(number: int) -> str:
    factors = factors_of(number)
    if len(factors) == 1:
        return f"{number:,} is a prime."
    if not factors:
        return "1 is neither a prime nor a product of primes."
    return f"{number:,} = {' × '.join(f'{factor:,}' for factor in factors)}."


def factors_of(number: int) -> list[int]:
    factors = []
    for divisor in count(2):
        if divisor * divisor > number:
            break
        while number % divisor == 0:
            factors.append(divisor)
            number //= divisor
    return [*factors, number] if number > 1 else factors


def about_squares(number: int) -> str:
    """A number is a sum of two squares unless a prime of the form 4k + 3 divides it an odd number of times."""
    factors = factors_of(number)
    hindering = [p for p in set(factors) if p % 4 == 3 and factors.count(p) % 2 == 1]
    if hindering:
        return f"It is not a sum of two squares, because of the prime {min(hindering):,}."
    for a in count():
        b = isqrt(number - a * a)
        if a * a + b * b == number:
            return f"It is a sum of two squares: {a:,}² + {b:,}²."
    raise AssertionError("every number without a hindering prime is such a sum")


def about_path(number: int) -> str:
    """Collatz: halve it when it is even, else take three times it and one. So far every number came to 1."""
    path = [number]
    while path[-1] != 1:
        path.append(path[-1] // 2 if path[-1] % 2 == 0 else 3 * path[-1] + 1)
    steps = " → ".join(f"{each:,}" for each in path)
    return f"Halved when even, tripled and one more when odd, it comes to 1 in {len(path) - 1} steps: {steps}"
