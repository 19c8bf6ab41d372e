// What can be put into a process: the elements that the product runs, and no others.
import { isAny } from "bpmn-js/lib/util/ModelUtil";

const BOX = { width: 112, height: 52 }; // as the drawings that come with the product have them
export const KINDS = {
  step: { type: "bpmn:UserTask", ...BOX },
  check: { type: "bpmn:BusinessRuleTask", ...BOX },
  act: { type: "bpmn:ServiceTask", ...BOX },
  choice: { type: "bpmn:ExclusiveGateway" },
  parallel: { type: "bpmn:ParallelGateway" },
  pause: { type: "bpmn:IntermediateCatchEvent", eventDefinitionType: "bpmn:TimerEventDefinition" },
  end: { type: "bpmn:EndEvent" },
};
const ALONE = {
  start: { type: "bpmn:StartEvent" },
  part: { type: "bpmn:SubProcess", isExpanded: true },
  limit: { type: "bpmn:BoundaryEvent", eventDefinitionType: "bpmn:TimerEventDefinition" },
};

const named = (word) => `<div class="entry">${word}</div>`; // words are the product's own

class Palette {
  constructor(palette, create, elementFactory, handTool, globalConnect, words) {
    Object.assign(this, { create, elementFactory, handTool, globalConnect, words });
    palette.registerProvider(this);
  }

  getPaletteEntries() {
    const entries = {};
    for (const [kind, attributes] of Object.entries({ ...ALONE, ...KINDS })) {
      const begin = (event) => this.create.start(event, this.elementFactory.createShape({ ...attributes }));
      entries[kind] = { group: "create", html: named(this.words[kind]), title: this.words[kind], action: { dragstart: begin, click: begin } };
    }
    entries.line = { group: "tools", html: named(this.words.connect), title: this.words.connect, action: { click: (event) => this.globalConnect.start(event) } };
    return entries;
  }
}
Palette.$inject = ["palette", "create", "elementFactory", "handTool", "globalConnect", "words"];

class ContextPad {
  constructor(contextPad, connect, modeling, rules, words) {
    Object.assign(this, { connect, modeling, rules, words });
    contextPad.registerProvider(this);
  }

  getContextPadEntries(element) {
    const entries = {};
    if (isAny(element, ["bpmn:FlowNode"]) && !isAny(element, ["bpmn:EndEvent"])) {
      const begin = (event) => this.connect.start(event, element);
      entries.connect = { group: "connect", html: named(this.words.connect), title: this.words.connect, action: { click: begin, dragstart: begin } };
    }
    if (this.rules.allowed("elements.delete", { elements: [element] })) {
      entries.delete = { group: "edit", html: named(this.words.remove), title: this.words.remove, action: { click: () => this.modeling.removeElements([element]) } };
    }
    return entries;
  }
}
ContextPad.$inject = ["contextPad", "connect", "modeling", "rules", "words"];

/** The module of diagram-js with our palette and context pad; `words` by kind. */
export const tools = (words) => ({
  __init__: ["ownPalette", "ownContextPad"],
  ownPalette: ["type", Palette],
  ownContextPad: ["type", ContextPad],
  words: ["value", words],
});
