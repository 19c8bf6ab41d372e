"""Decision tables as DMN 1.3 files, which dmn-js and other editors open.

Where a table's parts stand in the file:

key, basis          id and description of the decision
names               Chinese in `name` or `label`, English in the attribute `en` of our own namespace
input key, values   input expression, input values
output              name, type and output values; a localized text is the FEEL context {zh: "…", en: "…"}
default             default output entries; a collecting table without them gives nothing where no row applies, as DMN
                    has it, unless our attribute `unmatched="refused"` says that this is an error
row id              id of the rule, behind `row.`
clause              description of the rule: the one annotation that dmn-js shows and edits
note                the annotation column `note`

Files of DMN 1.1 to 1.5 are read. What changes the outcome and has no place in a table is refused by its name
(`DmnError`): other hit policies, aggregation, other expressions than tables, requirements between decisions, other
languages than FEEL, other types. What only draws or documents is left out. Names with spaces or punctuation become keys
with underscores and stay as labels.
"""

from jianguan.kernel.tables.dmn.reading import read
from jianguan.kernel.tables.dmn.writing import write

__all__ = ["read", "write"]
