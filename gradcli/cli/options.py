"""The options that commands share, each with the line that `--help` prints. Types and texts only; every value is text or a flag."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from typer import Argument, Option

from gradcli.cli.arguments import FORMAT_OF
from gradcli.rendering import DERIVATIVE_FORMATS, GRADIENT_FORMATS, GRAPH_FORMATS, OPERATION_FORMATS, REPORT_FILES, REPORT_FORMATS

Texts = list[str] | None
"""The values of an option that may be repeated, None if it is not given."""

Text = str | None
"""The value of an option, None if it is not given."""


def one_of(formats: Sequence[str]) -> str:
    """The formats of a command as a sentence."""
    return f"{', '.join(formats[:-1])} or {formats[-1]}."


def written_to(formats: Sequence[str]) -> str:
    """What the names of files say about formats."""
    return f"Write the answer into FILE; {' '.join(end for end, form in FORMAT_OF.items() if form in (None, *formats))} choose the format."


ProgramWords = Annotated[Texts, Argument(metavar="PROGRAM [NAME=VALUE ...]", hidden=True)]
CheckWords = Annotated[Texts, Argument(metavar="[PROGRAM [NAME=VALUE ...] | PATH ...]", hidden=True)]
OperationName = Annotated[Texts, Argument(metavar="[NAME]", hidden=True)]

At = Annotated[
    Texts,
    Option(
        "--at", metavar="NAME=VALUE,...", help="The point; repeatable, later wins; x=@FILE reads a value; also @point.json, @point.toml."
    ),
]
Over = Annotated[
    Texts, Option("--over", metavar="NAME=VALUES,...", help="Run at several points: one for each element; also @points.csv with names.")
]
OverOfCheck = Annotated[
    Texts,
    Option("--over", metavar="NAME=VALUES,...", help="Check at one point for each element, or in a range: 0.1:10, 1e-6:1e6:log."),
]
Wrt = Annotated[Texts, Option("--wrt", metavar="NAMES", help="Differentiate with respect to these (default: every input).")]
Freeze = Annotated[Texts, Option("--freeze", metavar="NAMES", help="Inputs without gradient (requires_grad=False).")]
Of = Annotated[Texts, Option("--of", metavar="NAMES", help="The outputs (default: the program's last statement).")]
GradOutput = Annotated[
    Texts, Option("--grad-output", metavar="WEIGHTS", help="The weights of the outputs: y=1,z=2 or 1,2 in the order of --of.")
]
Sum = Annotated[bool, Option("--sum", help="Add all outputs and all their elements up (weights of one).")]
SumOfPoints = Annotated[bool, Option("--sum", help="Add up all outputs and their elements, with --over also the points.")]
Order = Annotated[Text, Option("--order", metavar="N", help="Also the pure derivatives up to this order.")]
OrderOfCheck = Annotated[Text, Option("--order", metavar="N", help="2: check the second derivatives too.")]
Leaves = Annotated[bool, Option("--leaves", help="Keep the gradients of leaves only, as PyTorch does.")]
Get = Annotated[Texts, Option("--get", metavar="NAMES", help="Print these gradients and nothing else; W[0,3] is an element.")]
Value = Annotated[bool, Option("--value", help="Print the value and nothing else.")]
AllNodes = Annotated[bool, Option("--all-nodes", help="Show every row of a long table.")]

Mode = Annotated[Text, Option("--mode", metavar="MODE", help="reverse or forward (default: the one that takes fewer passes).")]
Product = Annotated[
    Texts, Option("--product", metavar="NAME=VALUE,...", help="The product with this direction only; inputs not named do not move.")
]
Tangent = Annotated[Texts, Option("--tangent", metavar="NAME=VALUE,...", help="The direction, like a point; inputs not named do not move.")]

Seed = Annotated[Text, Option("--seed", metavar="N", help="What randn and rand draw by (default: 0).")]
Dtype = Annotated[Text, Option("--dtype", metavar="DTYPE", help="float32 rounds every value and gradient to single precision.")]
MaxSteps = Annotated[Text, Option("--max-steps", metavar="N", help="Statements and operations of a run (default: 10000000).")]
MaxNodes = Annotated[Text, Option("--max-nodes", metavar="N", help="Nodes of the graph (default: 10000000).")]
MaxElements = Annotated[Text, Option("--max-elements", metavar="N", help="Elements of all arrays of a run (default: 100000000).")]
MaxDepth = Annotated[Text, Option("--max-depth", metavar="N", help="Calls inside each other (default: 1000).")]

GraphFormat = Annotated[Text, Option("--format", metavar="FORMAT", help=one_of(GRAPH_FORMATS))]
GradientFormat = Annotated[Text, Option("--format", metavar="FORMAT", help=one_of(GRADIENT_FORMATS))]
DerivativeFormat = Annotated[Text, Option("--format", metavar="FORMAT", help=one_of(DERIVATIVE_FORMATS))]
ReportFormat = Annotated[Text, Option("--format", metavar="FORMAT", help=one_of(REPORT_FORMATS))]
OperationsFormat = Annotated[Text, Option("--format", metavar="FORMAT", help=one_of(OPERATION_FORMATS))]
Json = Annotated[bool, Option("--json", help="Short for --format json.")]
DerivativeOutput = Annotated[
    Text, Option("--output", "-o", metavar="FILE", help=f"{written_to(DERIVATIVE_FORMATS)[:-1]}, .npy .npz write arrays.")
]
Output = Annotated[Text, Option("--output", "-o", metavar="FILE", help=f"{written_to(GRADIENT_FORMATS)[:-1]}, .npy .npz write arrays.")]
GraphOutput = Annotated[Text, Option("--output", "-o", metavar="FILE", help=written_to(GRAPH_FORMATS))]
ReportOutput = Annotated[Text, Option("--output", "-o", metavar="FILE", help=written_to(REPORT_FORMATS))]
OperationsOutput = Annotated[Text, Option("--output", "-o", metavar="FILE", help=written_to(OPERATION_FORMATS))]

Expect = Annotated[Texts, Option("--expect", metavar="NAME=CLAIM,...", help="A claimed gradient, formula or number; repeatable.")]
Samples = Annotated[Text, Option("--samples", metavar="N", help="Draw N points, in the ranges of --over or anywhere (default: 5).")]
Search = Annotated[bool, Option("--search", help="Look for points too: corners, edges of the domain, extreme scales, lost digits.")]
MaxDigitsLost = Annotated[
    Text, Option("--max-digits-lost", metavar="DIGITS", help="More digits lost to rounding than this do not count as agreement.")
]
RequireResolution = Annotated[
    Text, Option("--require-resolution", metavar="R", help="Agreement must rule out relative errors larger than this.")
]
SelfTest = Annotated[bool, Option("--self-test", help="Plant faults in the gradients and say which of them the check would have caught.")]
VerdictOption = Annotated[Text, Option("--verdict", metavar="VERDICT", help="The verdict that is success instead of agree, such as kink.")]
Keyword = Annotated[Text, Option("-k", metavar="TEXT", help="Only the checks of suites whose id contains TEXT.")]
ListOnly = Annotated[bool, Option("--list", help="Print the ids of the checks and run none.")]
ExitFirst = Annotated[bool, Option("--exitfirst", help="Stop after the first check that is not as expected.")]
Reports = Annotated[
    Texts, Option("--report", metavar="FORMAT:PATH", help=f"Also write all checks as {one_of(REPORT_FILES)[:-1]}; repeatable.")
]
Write = Annotated[bool, Option("--write", help="Write the right numbers into suites where expected ones are missing or wrong.")]
AllowExec = Annotated[bool, Option("--allow-exec", help="Suites may run code: functions, commands and servers.")]
Jobs = Annotated[Text, Option("--jobs", metavar="N", help="Run the checks of suites in N processes.")]
Shard = Annotated[Text, Option("--shard", metavar="I/N", help="Only share I of N of the checks of suites; an empty one passes.")]
FailedOnly = Annotated[bool, Option("--failed-only", help="Show only the checks that are not as expected.")]
Formula = Annotated[bool, Option("--formula", help="Add SymPy's derivative as a formula; a table has it anyway.")]

Python = Annotated[
    Text, Option("--python", metavar="MODULE:FUNCTION", help="Check the gradient of a function in Python; also path/to/FILE.py:FUNCTION.")
]
GradientFunction = Annotated[
    Text, Option("--gradient", metavar="MODULE:FUNCTION", help="The function that returns the gradient of the --python function.")
]
ValueAndGrad = Annotated[bool, Option("--value-and-grad", help="The --python function returns (value, gradient).")]
Exec = Annotated[
    Text,
    Option("--exec", metavar="COMMAND", help="Check a program in any language, which reads and answers lines of JSON."),
]
UmBridge = Annotated[Text, Option("--um-bridge", metavar="URL", help="Check the derivatives of a model behind a UM-Bridge 1.0 server.")]
Model = Annotated[Text, Option("--model", metavar="NAME", help="The model of the UM-Bridge server, where it has several.")]
ModelConfig = Annotated[Text, Option("--model-config", metavar="JSON", help='What the model itself wants to be told, such as {"level":1}.')]
Timeout = Annotated[
    Text, Option("--timeout", metavar="SECONDS", help="Time for one answer (default: 10, and 60 for the first of a program).")
]

Version = Annotated[bool, Option("--version", help="Print the version.")]


def option_names() -> list[str]:
    """Every option word of every command; Typer keeps the first word of an annotation as its default."""
    kinds = [kind for value in globals().values() for kind in getattr(value, "__metadata__", ())]
    words = [word for kind in kinds for word in (kind.default, *(kind.param_decls or ()))]
    return [word for word in dict.fromkeys(words) if isinstance(word, str) and word.startswith("-")]
