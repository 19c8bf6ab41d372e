"""The whitelisted condition grammar of processes: a subset of FEEL that cannot hang, recurse away or reach anything."""

from jianguan.kernel.expressions.condition import Condition
from jianguan.kernel.expressions.grammar import parse
from jianguan.kernel.expressions.reader import RESERVED, ExpressionError
from jianguan.kernel.expressions.values import Kind, Scalar, Value

__all__ = ["RESERVED", "Condition", "ExpressionError", "Kind", "Scalar", "Value", "parse"]
