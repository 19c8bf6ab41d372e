// The panel beside the drawing: what is chosen, what it says, and everything the mouse can do, for the keyboard too.
import { getBusinessObject, is, isAny } from "bpmn-js/lib/util/ModelUtil";
import { KINDS } from "./tools.js";

const TIMED = ["bpmn:BoundaryEvent", "bpmn:IntermediateCatchEvent"];
const SEVERAL = new Set(["outcomes", "separate-from", "tables"]);
const TRUTHS = new Set(["wait", "role-from-element"]);

const make = (tag, attributes = {}, ...children) => {
  const element = Object.assign(document.createElement(tag), attributes);
  element.append(...children);
  return element;
};

export class Panel {
  constructor(root, modeler, given) {
    this.root = root;
    this.given = given;
    this.words = given.words;
    for (const name of ["modeling", "selection", "elementRegistry", "canvas", "eventBus", "autoPlace", "elementFactory", "moddle", "bpmnFactory", "commandStack"]) {
      this[name] = modeler.get(name);
    }
    this.eventBus.on(["selection.changed", "import.done"], () => this.draw());
    this.eventBus.on("commandStack.changed", () => this.refresh());
  }

  get element() {
    const chosen = this.selection.get();
    return chosen.length === 1 ? chosen[0].labelTarget || chosen[0] : this.canvas.getRootElement();
  }

  /** Draw again after a change made elsewhere; the field someone is typing in keeps the focus. */
  refresh() {
    if (!this.root.contains(document.activeElement)) this.draw();
  }

  draw() {
    const focused = this.root.contains(document.activeElement) ? document.activeElement.id : "";
    const element = this.element;
    const object = getBusinessObject(element);
    if (!object.$type) return; // nothing is read yet
    const parts = [this.chooser(element), this.field("name", "name", object.name || "")];
    for (const name of this.given.takes[object.$type.slice(5).replace(/^./, (c) => c.toLowerCase())] || []) {
      parts.push(this.own(name, object, element));
    }
    parts.push(...this.particulars(element, object), ...this.acts(element));
    this.root.replaceChildren(...parts.filter(Boolean));
    if (focused) document.getElementById(focused)?.focus();
  }

  change(properties) {
    this.modeling.updateProperties(this.element, properties);
  }

  // --- choosing

  nodes() {
    return this.elementRegistry.filter((one) => !one.labelTarget && isAny(one, ["bpmn:FlowNode", "bpmn:SequenceFlow"]));
  }

  title(element) {
    const object = getBusinessObject(element);
    if (!is(element, "bpmn:SequenceFlow")) return object.name ? `${object.name} (${object.id})` : object.id;
    return `${object.sourceRef?.name || object.sourceRef?.id} → ${object.targetRef?.name || object.targetRef?.id}`;
  }

  chooser(element) {
    const whole = [["", this.words.process]];
    const all = [...whole, ...this.nodes().map((one) => [one.id, this.title(one)])];
    return this.choice("chosen", this.words.chosen, all, element === this.canvas.getRootElement() ? "" : element.id, (id) => this.choose(id));
  }

  choose(id) {
    const element = this.elementRegistry.get(id);
    this.selection.select(element ? [element] : []);
    if (element) this.canvas.scrollToElement(element);
    this.draw();
  }

  // --- controls

  labelled(id, word, control, hint) {
    control.id = id;
    return make("div", {}, make("label", { htmlFor: id, textContent: word }), control, ...(hint ? [make("div", { className: "hint", textContent: hint })] : []));
  }

  field(property, key, value, hint) {
    const control = make("input", { value, onchange: () => this.change({ [property]: control.value.trim() || undefined }) });
    return this.labelled(`p-${key}`, this.words[key] || key, control, hint);
  }

  choice(key, word, options, value, act) {
    const known = options.some(([code]) => code === value) ? options : [...options, [value, value]];
    const control = make("select", { onchange: () => act(control.value) }, ...known.map(([code, text]) => new Option(text, code, false, code === value)));
    return this.labelled(`p-${key}`, word, control);
  }

  tick(property, key, value, word) {
    const control = make("input", { type: "checkbox", id: `p-${key}`, checked: value, onchange: () => this.change({ [property]: control.checked || undefined }) });
    return make("label", { className: "tick" }, control, word);
  }

  ticks(property, key, options, value) {
    const chosen = value.split(/\s+/).filter(Boolean);
    const known = new Map([...options, ...chosen.filter((code) => !options.some(([one]) => one === code)).map((code) => [code, code])]);
    const controls = [...known].map(([code, word], n) => [make("input", { type: "checkbox", value: code, id: `p-${key}-${n}`, checked: chosen.includes(code) }), word]);
    const set = make("fieldset", {}, make("legend", { textContent: this.words[key] }), make("div", { className: "opts" }, ...controls.map(([control, word]) => make("label", {}, control, word))));
    set.onchange = () => {
      const now = controls.map(([control]) => control).filter((one) => one.checked).map((one) => one.value);
      const kept = [...chosen.filter((code) => now.includes(code)), ...now.filter((code) => !chosen.includes(code))];
      this.change({ [property]: kept.join(" ") || undefined });
    };
    return set;
  }

  button(word, act, kind = "btn btn-sm") {
    return make("button", { type: "button", className: kind, textContent: word, onclick: act });
  }

  // --- attributes of our own

  own(name, object, element) {
    const property = `jg:${name}`;
    const value = object.get(property);
    if (TRUTHS.has(name)) return this.tick(property, name, Boolean(value), this.words[name]);
    if (SEVERAL.has(name)) return this.ticks(property, name, this.options(name, element), value || "");
    const options = this.options(name, element);
    if (!options) return this.field(property, name, value || "");
    return this.choice(name, this.words[name], [["", "—"], ...options], value || "", (code) => this.change({ [property]: code || undefined }));
  }

  options(name, element) {
    if (name === "stage") return this.stages().map((stage) => [stage.code, stage.name || stage.code]);
    if (name === "separate-from") {
      return this.nodes().filter((one) => is(one, "bpmn:UserTask") && one !== element).map((one) => [one.id, getBusinessObject(one).name || one.id]);
    }
    return this.given.choices[name];
  }

  stages() {
    const values = getBusinessObject(this.canvas.getRootElement()).extensionElements?.values || [];
    return values.filter((one) => one.$type === "jg:Stage");
  }

  // --- what BPMN itself says

  particulars(element, object) {
    if (is(element, "bpmn:Process")) return this.stageRows();
    const parts = [this.identifier(element)];
    if (is(element, "bpmn:SequenceFlow")) parts.push(this.condition(object));
    if (is(element, "bpmn:ExclusiveGateway")) parts.push(this.otherwise(element, object));
    if (isAny(element, TIMED)) parts.push(...this.timer(element, object));
    return parts;
  }

  identifier(element) {
    const control = make("input", { value: element.id, pattern: "[A-Za-z_][A-Za-z0-9_.\\-]*" });
    control.onchange = () => {
      const free = !this.elementRegistry.get(control.value) && control.checkValidity() && control.value;
      if (free) this.change({ id: control.value });
      else control.value = element.id;
      this.draw();
    };
    return this.labelled("p-id", this.words.id, control);
  }

  condition(flow) {
    if (flow.sourceRef?.$type !== "bpmn:ExclusiveGateway") return null;
    const control = make("input", { value: flow.conditionExpression?.body || "" });
    control.onchange = () => {
      const body = control.value.trim();
      this.change({ conditionExpression: body ? this.bpmnFactory.create("bpmn:FormalExpression", { body }) : undefined });
    };
    return this.labelled("p-condition", this.words.condition, control, this.words.condition_hint);
  }

  otherwise(element, gateway) {
    const flows = element.outgoing.map((flow) => [flow.id, this.title(flow)]);
    const act = (id) => this.change({ default: id ? getBusinessObject(this.elementRegistry.get(id)) : undefined });
    return this.choice("default", this.words.default, [["", "—"], ...flows], gateway.default?.id || "", act);
  }

  timer(element, event) {
    const definition = event.eventDefinitions?.[0];
    if (!definition) return [];
    const control = make("input", { value: definition.timeDuration?.body || "", pattern: "P[0-9]{1,4}W?D" });
    control.onchange = () => {
      const timeDuration = this.bpmnFactory.create("bpmn:FormalExpression", { body: control.value.trim() });
      this.modeling.updateModdleProperties(element, definition, { timeDuration });
    };
    const parts = [this.labelled("p-timer", this.words.timer, control, this.words.timer_hint)];
    if (is(element, "bpmn:BoundaryEvent")) {
      const ends = make("input", { type: "checkbox", id: "p-ends", checked: event.cancelActivity, onchange: () => this.change({ cancelActivity: ends.checked }) });
      parts.push(make("label", { className: "tick" }, ends, this.words.ends));
    }
    return parts;
  }

  stageRows() {
    const process = getBusinessObject(this.canvas.getRootElement());
    const rows = this.stages().map((stage, n) => {
      const inputs = ["code", "name", "name-en"].map((name) => {
        const control = make("input", { value: stage.get(name) || "", id: `p-stage-${n}-${name}`, ariaLabel: `${this.words.stage} ${n + 1} ${this.words[name]}` });
        control.onchange = () => this.modeling.updateModdleProperties(this.canvas.getRootElement(), stage, { [name]: control.value.trim() });
        return control;
      });
      const away = this.button(this.words.remove, () => this.setStages(this.stages().filter((one) => one !== stage)));
      away.ariaLabel = `${this.words.remove} ${stage.name || n + 1}`;
      return make("div", {}, ...inputs, away);
    });
    const add = this.button(this.words.add_stage, () => {
      this.setStages([...this.stages(), this.moddle.create("jg:Stage", { code: `stage_${this.stages().length + 1}`, name: "" })]);
    });
    return [make("h3", { textContent: this.words.stages }), ...rows, add, process.name ? null : make("p", { className: "hint", textContent: this.words.process })];
  }

  setStages(stages) {
    const root = this.canvas.getRootElement();
    const process = getBusinessObject(root);
    const others = (process.extensionElements?.values || []).filter((one) => one.$type !== "jg:Stage");
    const extensionElements = this.bpmnFactory.create("bpmn:ExtensionElements", { values: [...others, ...stages] });
    for (const stage of stages) stage.$parent = extensionElements;
    this.modeling.updateProperties(root, { extensionElements });
    this.draw();
  }

  // --- acts

  acts(element) {
    if (is(element, "bpmn:Process")) return [];
    const parts = [make("h3", { textContent: this.words.acts })];
    if (is(element, "bpmn:FlowNode") && !is(element, "bpmn:EndEvent")) {
      parts.push(make("div", { className: "row" }, ...Object.keys(KINDS).map((kind) => this.button(`+ ${this.words[kind]}`, () => this.append(element, kind)))));
      const others = this.nodes().filter((one) => one !== element && is(one, "bpmn:FlowNode") && !isAny(one, ["bpmn:StartEvent", "bpmn:BoundaryEvent"]));
      const target = this.choice("target", this.words.connect_to, [["", "—"], ...others.map((one) => [one.id, this.title(one)])], "", (id) => {
        if (id) this.modeling.connect(element, this.elementRegistry.get(id), { type: "bpmn:SequenceFlow" });
        this.draw();
      });
      parts.push(target);
    }
    parts.push(this.button(this.words.remove, () => { this.modeling.removeElements([element]); this.draw(); }, "btn btn-sm btn-danger"));
    return parts;
  }

  append(element, kind) {
    const made = this.autoPlace.append(element, this.elementFactory.createShape({ ...KINDS[kind] }));
    this.choose(made.id);
    document.getElementById("p-name")?.focus();
  }
}
