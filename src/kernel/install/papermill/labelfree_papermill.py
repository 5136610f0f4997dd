"""Parameters for TypeScript notebooks in papermill, which has no translator for the language.

As a program it is papermill's own command line with TypeScript added:

    python3 labelfree_papermill.py in.ipynb out.ipynb -p seeds 5

As a module, beside the notebooks or on PYTHONPATH, importing it before papermill.execute_notebook is enough.
"""

import json
import math
import re

LANGUAGE = "typescript"
LARGEST_EXACT_INTEGER = 2**53 - 1
IDENTIFIER = re.compile(r"[A-Za-z_$][A-Za-z0-9_$]*")


def literal(value):
    """TypeScript for a value of JSON or YAML; an integer that no number holds exactly becomes a bigint."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value) if abs(value) <= LARGEST_EXACT_INTEGER else f"{value}n"
    if isinstance(value, float):
        return _float(value)
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_key(name)}: {literal(member)}" for name, member in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(literal(member) for member in value) + "]"
    return json.dumps(str(value))  # a text; and dates, paths and the like as papermill writes them elsewhere


def _float(value):
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    return repr(value)


def _key(name):
    # "__proto__": in a literal would set the prototype
    return '["__proto__"]' if name == "__proto__" else json.dumps(str(name))


def assignment(name, text):
    """A declaration; a cell of this kernel may declare a name that the parameters cell has declared before."""
    if not IDENTIFIER.fullmatch(name):
        raise ValueError(f"parameter {name!r}: expected a name that TypeScript allows for a variable")
    return f"let {name} = {text};"


def parameters_cell(parameters, comment="Parameters"):
    """The code of the cell that papermill injects."""
    lines = [assignment(name, literal(value)) for name, value in parameters.items()]
    return "\n".join([f"// {comment}", *lines, ""])


def register():
    """Makes TypeScript known to the papermill of this process."""
    from papermill.translators import Translator, papermill_translators

    class TypeScriptTranslator(Translator):
        @classmethod
        def translate(cls, val):
            return literal(val)

        @classmethod
        def comment(cls, cmt_str):
            return f"// {cmt_str}".strip()

        @classmethod
        def assign(cls, name, str_val):
            return assignment(name, str_val)

        @classmethod
        def codify(cls, parameters, comment="Parameters"):
            return parameters_cell(parameters, comment)

    papermill_translators.register(LANGUAGE, TypeScriptTranslator)


if __name__ == "__main__":
    from papermill.cli import papermill

    register()
    papermill()
else:
    try:
        register()
    except ImportError:
        pass  # without papermill there is nothing to add to; the functions above serve by themselves
