"""A stand-in for autograd.builtins: the containers that autograd can follow."""


class tuple(tuple):  # noqa: A001, N801 - the name of the library's class
    pass
