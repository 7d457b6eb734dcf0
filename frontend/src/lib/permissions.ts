/** What the screen offers to each role. The server decides; this only spares people a refusal. */
import type { Role } from "../api/types";

const ORDER: readonly Role[] = ["viewer", "annotator", "reviewer", "admin"];

export type Permission =
  | "label"
  | "undoOthers"
  | "editClasses"
  | "train"
  | "import"
  | "removeImages"
  | "cancelJob"
  | "editProject";

const MINIMUM_ROLE: Record<Permission, Role> = {
  label: "annotator",
  undoOthers: "reviewer",
  editClasses: "annotator",
  train: "annotator",
  import: "admin",
  removeImages: "admin",
  cancelJob: "admin",
  editProject: "admin",
};

export function may(role: Role, permission: Permission): boolean {
  return ORDER.indexOf(role) >= ORDER.indexOf(MINIMUM_ROLE[permission]);
}

export const ROLES: readonly { value: Role; title: string; detail: string }[] = [
  { value: "viewer", title: "Viewer", detail: "sees the map, labels and models; exports" },
  { value: "annotator", title: "Annotator", detail: "labels, edits classes, starts training" },
  { value: "reviewer", title: "Reviewer", detail: "also undoes the labels of others" },
  { value: "admin", title: "Admin", detail: "also imports and removes images, changes settings and members" },
];
