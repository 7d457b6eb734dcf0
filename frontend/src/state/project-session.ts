/** Everything that lives while a project is open in a tab: its stores, the socket that feeds them, and their end. */
import { createStore, type StoreApi } from "zustand/vanilla";
import { api, unwrap } from "../api/client";
import { allItems } from "../api/pages";
import { type ApiError, messageOf } from "../api/problem";
import { labelServer, mapFetchers } from "../api/project-server";
import { type ConnectionState, connectSocket, projectSocketUrl } from "../api/socket";
import type { LabelAction, Project, ProjectEvent } from "../api/types";
import type { Colouring } from "../lib/map-colours";
import { randomId } from "../lib/uuid";
import { type CameraStore, createCameraStore } from "./camera";
import { createExploreStore, type ExploreStore } from "./explore";
import { createFilterStore, type FilterStore } from "./filter";
import { createGridStore, type GridStore } from "./grid";
import { applyJob, createJobStore, dismissJob, type JobStore, loadActiveJobs } from "./jobs";
import { createMapStore, MapLoader, type MapStore } from "./map-data";
import type { OutboxEntry } from "./outbox";
import { openOutboxStorage } from "./outbox-storage";
import { openSavedSelections, type SavedSelections, selectionStorage } from "./saved-selections";
import { createScreenStore, type ScreenStore } from "./screen";
import { createSelectionStore, forgetRemoved, type SelectionStore } from "./selection";
import { LabelSync } from "./sync";
import { createUploadStore, type UploadStore } from "./upload";
import { createViewStore, type ViewStore } from "./view";

export interface LiveState {
  readonly connection: ConnectionState;
  /** Names of everybody who has the project open. */
  readonly users: readonly string[];
}

/** What the stores tell the screen outside of them. */
export interface SessionListener {
  /** Cached reads that an event made stale. */
  onStale: (what: "project" | "classes" | "models" | "layouts" | "imports" | "removals") => void;
  onNotice: (message: string) => void;
  onModel: (modelNumber: number) => void;
}

export interface ProjectSession {
  readonly projectId: number;
  readonly map: MapStore;
  readonly view: ViewStore;
  readonly camera: CameraStore;
  readonly selection: SelectionStore;
  readonly grid: GridStore;
  readonly filter: FilterStore;
  readonly savedSelections: SavedSelections;
  /** How the images are coloured now; null before there are any. */
  readonly colouring: StoreApi<{ readonly shown: Colouring | null }>;
  readonly screen: ScreenStore;
  readonly explore: ExploreStore;
  readonly jobs: JobStore;
  readonly live: StoreApi<LiveState>;
  readonly upload: UploadStore;
  readonly sync: LabelSync;
  refreshMap(): void;
  stop(): void;
}

const SUCCESS_SHOWN_MS = 6000;

export function openProjectSession(
  project: Project,
  userId: number,
  listener: SessionListener,
): ProjectSession {
  const projectId = project.id;
  const map = createMapStore();
  const loader = new MapLoader(map, mapFetchers(projectId));
  const jobs = createJobStore();
  const screen = createScreenStore();
  const live = createStore<LiveState>(() => ({ connection: "connecting", users: [] }));
  const sync = new LabelSync({
    projectId,
    userId,
    server: labelServer(projectId),
    storage: openOutboxStorage(projectId, userId),
    newId: () => randomId(),
    now: () => Date.now(),
    onRefused: (entry, error) => {
      screen.setState({ lastLabel: null });
      listener.onNotice(refusalMessage(entry, error));
    },
    onPartly: (action) => listener.onNotice(partlyMessage(action)),
    onReadFailed: (error) => listener.onNotice(`Labels could not be read: ${messageOf(error)}`),
  });
  const refreshMap = () => void loader.refresh();
  const dispatch = eventHandler({ sync, jobs, live, refreshMap, listener });

  const close = connectSocket<ProjectEvent>({
    url: projectSocketUrl(projectId, window.location),
    onEvent: dispatch,
    onState: (connection) => {
      live.setState({ connection });
      if (connection === "open") void catchUp(projectId, { sync, jobs, refreshMap, listener });
    },
  });
  const selection = createSelectionStore();
  selection.subscribe((state, previous) => {
    // Another selection is another question.
    if (state.madeAt_ms !== previous.madeAt_ms) screen.setState({ pendingLabel: null });
  });
  map.subscribe(({ data }, previous) => {
    if (!data || data.removed === (previous.data?.removed ?? null)) return;
    forgetRemoved(selection, data.removed);
    if (previous.data) void sync.reload(); // labels go and come with their images
  });
  refreshMap();
  void sync.start();

  return {
    projectId,
    map,
    view: createViewStore(projectId, project.retention, window.localStorage),
    camera: createCameraStore(),
    selection,
    grid: createGridStore(window.localStorage),
    filter: createFilterStore(),
    savedSelections: openSavedSelections(selectionStorage(projectId, userId)),
    colouring: createStore(() => ({ shown: null })),
    screen,
    explore: createExploreStore(),
    jobs,
    live,
    upload: createUploadStore(),
    sync,
    refreshMap,
    stop() {
      close();
      sync.stop();
      loader.dispose();
    },
  };
}

interface Parts {
  sync: LabelSync;
  jobs: JobStore;
  refreshMap: () => void;
  listener: SessionListener;
}

/** Events sent while the line was down are lost: read what they would have told. */
async function catchUp(projectId: number, { sync, jobs, refreshMap, listener }: Parts): Promise<void> {
  sync.sendNow();
  refreshMap();
  for (const what of ["project", "classes", "layouts"] as const) listener.onStale(what);
  await sync.catchUp();
  try {
    const path = { project_id: projectId };
    const active = await allItems((page) =>
      unwrap(
        api.GET("/api/v1/projects/{project_id}/jobs", { params: { path, query: { ...page, active: true } } }),
      ),
    );
    loadActiveJobs(jobs, active);
  } catch (error) {
    listener.onNotice(`Jobs could not be read: ${messageOf(error)}`);
  }
}

function eventHandler(parts: Parts & { live: StoreApi<LiveState> }): (event: ProjectEvent) => void {
  const { sync, jobs, live, refreshMap, listener } = parts;
  return (event) => {
    switch (event.type) {
      case "labels.changed":
        sync.receive({ sequence: event.sequence, changes: event.changes });
        break;
      case "job.progress":
        applyJob(jobs, event.job);
        break;
      case "job.finished":
        applyJob(jobs, event.job);
        listener.onStale("imports");
        listener.onStale("project");
        if (event.job.state !== "failed") setTimeout(() => dismissJob(jobs, event.job.id), SUCCESS_SHOWN_MS);
        break;
      case "images.added":
        refreshMap();
        void sync.reload();
        listener.onStale("project");
        break;
      case "images.removed":
      case "images.restored":
        refreshMap();
        for (const what of ["project", "classes", "layouts", "imports", "removals"] as const)
          listener.onStale(what);
        break;
      case "projection.published":
        refreshMap();
        listener.onStale("layouts");
        break;
      case "model.published":
        refreshMap();
        listener.onStale("project");
        listener.onStale("models");
        listener.onModel(event.number);
        break;
      case "classes.changed":
        listener.onStale("classes");
        break;
      case "project.changed":
        listener.onStale("project");
        break;
      case "presence":
        live.setState({ users: event.users });
        break;
    }
  };
}

/** Which images of a gesture were no longer there. */
function partlyMessage({ removed, image_indexes }: LabelAction): string {
  const count = removed.length;
  const were = count === 1 ? "image was" : "images were";
  return `${count} ${were} removed from the project before and got no label; ${image_indexes.length} did.`;
}

/** Why a gesture was taken back, for the person who made it. */
function refusalMessage(entry: OutboxEntry, error: ApiError): string {
  if (error.code === "nothing_to_undo") return "There is nothing of yours to undo.";
  if (error.code === "nothing_to_redo") return "There is nothing to redo.";
  const count = entry.body?.image_indexes.length ?? 0;
  const what = count > 0 ? `The label of ${count} image${count === 1 ? "" : "s"} was taken back` : "Not done";
  return `${what}: ${error.message}`;
}
