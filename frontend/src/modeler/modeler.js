// The process editor: bpmn-js with the elements that the product runs, and a panel for what only the product knows.
import BaseModeler from "bpmn-js/lib/BaseModeler";
import CoreModule from "bpmn-js/lib/core";
import AutoPlaceModule from "bpmn-js/lib/features/auto-place";
import AutoResizeModule from "bpmn-js/lib/features/auto-resize";
import DrilldownModule from "bpmn-js/lib/features/drilldown";
import EditorActionsModule from "bpmn-js/lib/features/editor-actions";
import GridSnappingModule from "bpmn-js/lib/features/grid-snapping";
import InteractionEventsModule from "bpmn-js/lib/features/interaction-events";
import KeyboardModule from "bpmn-js/lib/features/keyboard";
import LabelEditingModule from "bpmn-js/lib/features/label-editing";
import ModelingModule from "bpmn-js/lib/features/modeling";
import ModelingFeedbackModule from "bpmn-js/lib/features/modeling-feedback";
import OutlineModule from "bpmn-js/lib/features/outline";
import SnappingModule from "bpmn-js/lib/features/snapping";
import AutoScrollModule from "diagram-js/lib/features/auto-scroll";
import BendpointsModule from "diagram-js/lib/features/bendpoints";
import ConnectModule from "diagram-js/lib/features/connect";
import ConnectionPreviewModule from "diagram-js/lib/features/connection-preview";
import ContextPadModule from "diagram-js/lib/features/context-pad";
import CreateModule from "diagram-js/lib/features/create";
import GlobalConnectModule from "diagram-js/lib/features/global-connect";
import HandToolModule from "diagram-js/lib/features/hand-tool";
import KeyboardMoveSelectionModule from "diagram-js/lib/features/keyboard-move-selection";
import MoveModule from "diagram-js/lib/features/move";
import OverlaysModule from "diagram-js/lib/features/overlays";
import PaletteModule from "diagram-js/lib/features/palette";
import ResizeModule from "diagram-js/lib/features/resize";
import SelectionModule from "diagram-js/lib/features/selection";
import TranslateModule from "diagram-js/lib/i18n/translate";
import KeyboardMoveModule from "diagram-js/lib/navigation/keyboard-move";
import MoveCanvasModule from "diagram-js/lib/navigation/movecanvas";
import ZoomScrollModule from "diagram-js/lib/navigation/zoomscroll";
import { Panel } from "./panel.js";
import { Saving } from "./saving.js";
import { tools } from "./tools.js";
import vocabulary from "./vocabulary.js";

// Without the parts of bpmn-js that offer what the product does not run, or put styles into markup.
class Modeler extends BaseModeler {}
Modeler.prototype._modules = [
  CoreModule, TranslateModule, SelectionModule, OverlaysModule, DrilldownModule, OutlineModule,
  KeyboardMoveModule, MoveCanvasModule, ZoomScrollModule,
  AutoPlaceModule, AutoResizeModule, AutoScrollModule, BendpointsModule, ConnectModule, ConnectionPreviewModule,
  ContextPadModule, CreateModule, EditorActionsModule, GlobalConnectModule, GridSnappingModule, HandToolModule,
  InteractionEventsModule, KeyboardModule, KeyboardMoveSelectionModule, LabelEditingModule, ModelingModule,
  ModelingFeedbackModule, MoveModule, PaletteModule, ResizeModule, SnappingModule,
];

const MARGIN = 0.95; // of the space, so that nothing touches the edge
const PALETTE = 44; // pixels that the palette takes at the top

async function open(place) {
  const given = JSON.parse(document.getElementById("modeler-data").textContent);
  const form = document.getElementById("process-form");
  const modeler = new Modeler({
    container: place.querySelector(".canvas"),
    moddleExtensions: { jg: vocabulary },
    additionalModules: [tools(given.words)],
  });
  const panel = new Panel(place.querySelector(".panel"), modeler, given);
  try {
    await modeler.importXML(form.elements.text.value);
  } catch {
    return; // what is no BPMN can only be mended as text; the page says what is wrong with it
  }
  const saving = new Saving(form, modeler, given);
  for (const part of document.querySelectorAll("[data-with-modeler]")) part.hidden = false;
  const shown = place.offsetWidth > 0; // not on a narrow screen
  for (const part of document.querySelectorAll("[data-without-modeler]")) part.open &&= !shown;
  const fit = () => {
    const canvas = modeler.get("canvas");
    canvas.resized();
    if (!shown) return;
    canvas.zoom("fit-viewport", "auto");
    canvas.zoom(canvas.zoom() * MARGIN, "auto");
    canvas.scroll({ dx: 0, dy: PALETTE / 2 });
  };
  fit();
  document.addEventListener("click", (event) => {
    const id = event.target.closest("[data-element]")?.dataset.element;
    if (id) panel.choose(id);
    const act = event.target.closest("[data-modeler]")?.dataset.modeler;
    if (act === "undo" || act === "redo") modeler.get("commandStack")[act]();
    if (act === "fit") fit();
    if (act === "in" || act === "out") modeler.get("zoomScroll").stepZoom(act === "in" ? 1 : -1);
    if (act === "save") saving.save();
  });
}

const place = document.getElementById("modeler");
if (place) open(place);
