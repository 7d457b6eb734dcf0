/** Named views of a project, kept in this browser; each is the part of an address behind "?". */
import type { TextStorage } from "./view";

export interface SavedView {
  readonly name: string;
  readonly search: string;
}

const keyOf = (projectId: number) => `labeler.views.${projectId}`;

export function readSavedViews(projectId: number, storage: TextStorage): readonly SavedView[] {
  const text = storage.getItem(keyOf(projectId));
  if (text === null) return [];
  try {
    const stored: unknown = JSON.parse(text);
    return Array.isArray(stored) ? stored.filter(isSavedView) : [];
  } catch {
    return []; // written by another version
  }
}

/** Keep a view; one of the same name is replaced. */
export function addSavedView(projectId: number, view: SavedView, storage: TextStorage): readonly SavedView[] {
  const others = readSavedViews(projectId, storage).filter(({ name }) => name !== view.name);
  return write(projectId, [...others, view], storage);
}

export function removeSavedView(projectId: number, name: string, storage: TextStorage): readonly SavedView[] {
  const others = readSavedViews(projectId, storage).filter((view) => view.name !== name);
  return write(projectId, others, storage);
}

function write(projectId: number, views: readonly SavedView[], storage: TextStorage): readonly SavedView[] {
  storage.setItem(keyOf(projectId), JSON.stringify(views));
  return views;
}

function isSavedView(value: unknown): value is SavedView {
  const { name, search } = (value ?? {}) as Partial<SavedView>;
  return typeof name === "string" && typeof search === "string";
}
