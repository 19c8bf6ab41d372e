// Keeps the drawing on the server as it changes, and shows what the gate says of it.
const SECONDS = 2;

export class Saving {
  constructor(form, modeler, given) {
    Object.assign(this, { form, modeler, words: given.words });
    this.state = document.getElementById("saved-state");
    this.list = document.getElementById("faults");
    this.marked = [];
    this.running = null;
    modeler.on("commandStack.changed", () => this.later());
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.save();
    });
    addEventListener("beforeunload", (event) => {
      if (this.waits) event.preventDefault();
    });
    this.mark(given.faults);
  }

  later() {
    clearTimeout(this.waits);
    this.say(this.words.unsaved);
    this.waits = setTimeout(() => this.save(), SECONDS * 1000);
  }

  say(text) {
    this.state.textContent = text;
  }

  /** One save at a time; what changed meanwhile is saved after it. */
  async save() {
    clearTimeout(this.waits);
    this.waits = null;
    if (this.running) return this.running.then(() => this.save());
    this.running = this.send().finally(() => (this.running = null));
    return this.running;
  }

  async send() {
    this.say(this.words.saving);
    try {
      const { xml } = await this.modeler.saveXML({ format: true });
      this.form.elements.text.value = xml;
      const answer = await fetch(this.form.action, { method: "POST", body: new FormData(this.form), headers: { Accept: "application/json" } });
      const said = await answer.json();
      if (!answer.ok) return this.say(said.says);
      this.form.elements.revision.value = said.revision;
      this.say(said.says);
      this.mark(said.faults);
    } catch {
      this.say(this.words.offline);
    }
  }

  mark(faults) {
    const canvas = this.modeler.get("canvas");
    const registry = this.modeler.get("elementRegistry");
    for (const [id, name] of this.marked) if (registry.get(id)) canvas.removeMarker(id, name);
    this.marked = faults.filter((one) => registry.get(one.id)).map((one) => [one.id, one.error ? "fault" : "remark"]);
    for (const [id, name] of this.marked) canvas.addMarker(id, name);
    this.list.replaceChildren(...faults.map((one) => this.line(one)));
    document.getElementById("no-faults").hidden = faults.length > 0;
  }

  line(fault) {
    const item = document.getElementById("blank-fault").content.cloneNode(true).querySelector(fault.error ? ".fault-line" : ".remark-line");
    item.querySelector("[data-says]").textContent = fault.says;
    const button = item.querySelector("button");
    button.hidden = !this.modeler.get("elementRegistry").get(fault.id);
    button.dataset.element = fault.id;
    return item;
  }
}
