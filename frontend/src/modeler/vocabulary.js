// Our own attributes (namespace urn:jianguan:process:1), so that they are read, kept and written like BPMN's own.
const ATTRIBUTES = [
  "name-en", "stage", "stops", "role", "outcomes", "variable", "separate-from", "collection", "tally", "effect", "tables",
];
const TRUTHS = ["wait", "role-from-element"];

const attribute = (type) => (name) => ({ name, type, isAttr: true });

export default {
  name: "Jianguan",
  uri: "urn:jianguan:process:1",
  prefix: "jg",
  xml: { tagAlias: "lowerCase" },
  types: [
    {
      name: "Own",
      extends: ["bpmn:FlowElement", "bpmn:Process"],
      properties: [...ATTRIBUTES.map(attribute("String")), ...TRUTHS.map(attribute("Boolean"))],
    },
    {
      name: "Stage",
      superClass: ["Element"],
      properties: ["code", "name", "name-en"].map(attribute("String")),
    },
  ],
};
