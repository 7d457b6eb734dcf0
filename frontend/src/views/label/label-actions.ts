/** The actions of the Label screen. Pure: takes what is and what can be done, gives the registry. */
import type { LabelClass } from "../../api/types";
import type { AppAction } from "../../lib/actions";
import { formatPlural } from "../../lib/format";
import { SCREEN_KEYS } from "../../lib/hotkeys";
import type { ColourBy, Display, DragMode, Layout } from "../../state/view";

export interface LabelScreen {
  classes: readonly LabelClass[];
  numSelected: number;
  numImages: number;
  hasModel: boolean;
  mayLabel: boolean;
  mayEditClasses: boolean;
  mayTrain: boolean;
  mayImport: boolean;
  mayRemoveImages: boolean;
  layout: Layout;
  /** A label waits for a look at the guard. */
  isGuarding: boolean;
}

export interface LabelIntents {
  confirmLabel: () => void;
  dropDoubtful: () => void;
  findClass: () => void;
  toggleWideGrid: () => void;
  openFilter: () => void;
  clearFilter: () => void;
  nextDoubt: () => void;
  assign: (classId: number) => void;
  clearLabels: () => void;
  undo: () => void;
  redo: () => void;
  addClass: () => void;
  clearSelection: () => void;
  selectAll: () => void;
  invertSelection: () => void;
  selectUnlabelled: () => void;
  openImage: () => void;
  setLayout: (layout: Layout) => void;
  toggleSplit: () => void;
  setDragMode: (mode: DragMode) => void;
  cycleColour: () => void;
  setColour: (colour: ColourBy) => void;
  cycleDisplay: () => void;
  setDisplay: (display: Display) => void;
  stepRetention: (step: number) => void;
  stepSize: (step: number) => void;
  fit: () => void;
  help: () => void;
  palette: () => void;
  theme: () => void;
  train: () => void;
  importFiles: () => void;
  removeImages: () => void;
  go: (page: "projects" | "activity" | "confirm" | "review" | "models" | "settings" | "export") => void;
}

const otherLayout = (layout: Layout): Layout => (layout === "whole" ? "crop" : "whole");

function action(
  id: string,
  title: string,
  hotkeys: readonly string[],
  run: () => void,
  isEnabled = true,
): Omit<AppAction, "group"> {
  return { id, title, hotkeys, run, isEnabled };
}

function labelActions(screen: LabelScreen, intents: LabelIntents): Omit<AppAction, "group">[] {
  const canLabel = screen.mayLabel && screen.numSelected > 0;
  const perClass = screen.classes.map((entry) => ({
    ...action(
      `label.class.${entry.id}`,
      `Label the selection ${entry.name}`,
      entry.hotkey ? [entry.hotkey] : [],
      () => intents.assign(entry.id),
      canLabel,
    ),
    isPerClass: true,
  }));
  return [
    action("label.undo", "Undo", ["mod+z"], intents.undo, screen.mayLabel),
    action("label.redo", "Redo", ["mod+shift+z", "mod+y"], intents.redo, screen.mayLabel),
    action(
      "label.clear",
      "Remove labels of the selection",
      [SCREEN_KEYS.clearLabel, "delete"],
      intents.clearLabels,
      canLabel,
    ),
    action(
      "label.confirm",
      "Give the label that waits",
      screen.isGuarding ? ["enter"] : [],
      intents.confirmLabel,
      screen.isGuarding && canLabel,
    ),
    action(
      "label.drop-doubtful",
      "Leave out what the model doubts",
      screen.isGuarding ? ["backspace"] : [],
      intents.dropDoubtful,
      screen.isGuarding,
    ),
    action("label.find-class", "Find a class by name", ["/"], intents.findClass),
    action("label.add-class", "Add a class", [SCREEN_KEYS.addClass], intents.addClass, screen.mayEditClasses),
    ...perClass,
  ];
}

function selectActions(screen: LabelScreen, intents: LabelIntents): Omit<AppAction, "group">[] {
  const hasImages = screen.numImages > 0;
  const hasSelection = screen.numSelected > 0;
  return [
    action("select.lasso", "Lasso", [SCREEN_KEYS.lasso], () => intents.setDragMode("lasso")),
    action("select.box", "Box", [SCREEN_KEYS.box], () => intents.setDragMode("box")),
    action("select.pan", "Move the map", [SCREEN_KEYS.pan], () => intents.setDragMode("pan")),
    action("select.all", "Select all", ["mod+a"], intents.selectAll, hasImages),
    action("select.invert", "Invert the selection", ["mod+i"], intents.invertSelection, hasImages),
    action(
      "select.unlabelled",
      "Select images without a label",
      ["mod+u"],
      intents.selectUnlabelled,
      hasImages,
    ),
    action("select.none", "Select nothing", ["escape"], intents.clearSelection, hasSelection),
    action(
      "select.open",
      "Open the image large",
      screen.isGuarding ? [SCREEN_KEYS.open] : [SCREEN_KEYS.open, "enter"],
      intents.openImage,
      hasSelection,
    ),
  ];
}

function viewActions(screen: LabelScreen, intents: LabelIntents): Omit<AppAction, "group">[] {
  const { hasModel, layout } = screen;
  return [
    action(
      "view.layout",
      "Switch between whole and crop map",
      [SCREEN_KEYS.view],
      () => intents.setLayout(otherLayout(layout)),
      hasModel,
    ),
    action("view.split", "Both maps side by side, or one", ["shift+v"], intents.toggleSplit, hasModel),
    action("view.tighter", "Crop tighter", ["["], () => intents.stepRetention(-1), hasModel),
    action("view.looser", "Crop looser", ["]"], () => intents.stepRetention(1), hasModel),
    action("view.colour", "Next colouring", [SCREEN_KEYS.colour], intents.cycleColour, hasModel),
    action("view.colour.label", "Colour by label", [], () => intents.setColour("label")),
    action(
      "view.colour.prediction",
      "Colour by prediction",
      [],
      () => intents.setColour("prediction"),
      hasModel,
    ),
    action(
      "view.colour.confidence",
      "Colour by confidence",
      [],
      () => intents.setColour("confidence"),
      hasModel,
    ),
    action("view.display", "Thumbnails, dots, or both", [SCREEN_KEYS.display], intents.cycleDisplay),
    action("view.larger", "Larger thumbnails", ["."], () => intents.stepSize(1)),
    action("view.smaller", "Smaller thumbnails", [","], () => intents.stepSize(-1)),
    action("view.fit", "Fit the map to the window", [SCREEN_KEYS.fit], intents.fit),
    action(
      "view.grid",
      "Wide or narrow selection panel",
      ["mod+b"],
      intents.toggleWideGrid,
      screen.numSelected > 0,
    ),
    action("view.filter", "Filter the images", ["mod+f"], intents.openFilter, screen.numImages > 0),
    action(
      "view.doubt",
      "Only what the model is unsure of, in steps",
      ["shift+u"],
      intents.nextDoubt,
      hasModel,
    ),
    action("view.filter.clear", "Clear the filter", [], intents.clearFilter, screen.numImages > 0),
    action("view.theme", "Switch between dark and light", ["mod+shift+l"], intents.theme),
  ];
}

function projectActions(screen: LabelScreen, intents: LabelIntents): Omit<AppAction, "group">[] {
  return [
    action("project.palette", "Command palette", ["mod+k"], intents.palette),
    action("project.help", "Keys and gestures", ["shift+?"], intents.help),
    action("project.import", "Import images", [], intents.importFiles, screen.mayImport),
    action(
      "project.remove-images",
      `Remove ${formatPlural(screen.numSelected, "image")} from the project`,
      [],
      intents.removeImages,
      screen.mayRemoveImages && screen.numSelected > 0,
    ),
    action("project.train", "Train now", [], intents.train, screen.mayTrain),
    action("project.confirm", "Confirm predictions", [], () => intents.go("confirm")),
    action("project.review", "Review labels", [], () => intents.go("review")),
    action("project.models", "Models", [], () => intents.go("models")),
    action("project.activity", "Activity", [], () => intents.go("activity")),
    action("project.export", "Export labels", [], () => intents.go("export")),
    action("project.settings", "Project settings", [], () => intents.go("settings")),
    action("project.all", "All projects", [], () => intents.go("projects")),
  ];
}

export function buildActions(screen: LabelScreen, intents: LabelIntents): AppAction[] {
  return [
    ...labelActions(screen, intents).map((entry): AppAction => ({ ...entry, group: "Label" })),
    ...selectActions(screen, intents).map((entry): AppAction => ({ ...entry, group: "Select" })),
    ...viewActions(screen, intents).map((entry): AppAction => ({ ...entry, group: "View" })),
    ...projectActions(screen, intents).map((entry): AppAction => ({ ...entry, group: "Project" })),
  ];
}
