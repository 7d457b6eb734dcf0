/**
 * Labels between this tab and the server: gestures go out through the outbox, everybody's actions come in as events or,
 * after a gap, over HTTP.
 */
import { createStore, type StoreApi } from "zustand/vanilla";
import type { ApiError } from "../api/problem";
import type { LabelAction, LabelActionRequest } from "../api/types";
import {
  addPending,
  applyAction,
  confirmPending,
  createLabelStore,
  dropPending,
  type GestureKind,
  type LabelStore,
  loadLabels,
  type ServerAction,
} from "./labels";
import { Outbox, type OutboxEntry, type OutboxState, type OutboxStorage } from "./outbox";

export interface LabelServer {
  /** All labels, and the sequence number of the last action in them. */
  readLabels(): Promise<{ classIds: Int32Array; sequence: number }>;
  /** Actions after a sequence number; `isAll` is false when there are more than one page. */
  readActions(after: number): Promise<{ actions: readonly ServerAction[]; isAll: boolean }>;
  send(entry: OutboxEntry): Promise<LabelAction>;
}

export interface SyncOptions {
  projectId: number;
  userId: number;
  server: LabelServer;
  storage: OutboxStorage;
  newId: () => string;
  now: () => number;
  /** A gesture that the server refused; the screen has gone back. */
  onRefused: (entry: OutboxEntry, error: ApiError) => void;
  /** The server took the gesture, but for images that had been removed from the project. */
  onPartly: (action: LabelAction) => void;
  /** Labels could not be read; the next event or reconnect tries again. */
  onReadFailed: (error: unknown) => void;
}

export class LabelSync {
  readonly labels: LabelStore = createLabelStore();
  readonly outboxState: StoreApi<OutboxState> = createStore<OutboxState>(() => ({
    status: "saved",
    numWaiting: 0,
    isStored: true,
  }));
  private readonly options: SyncOptions;
  private readonly outbox: Outbox;
  private order = 0;
  private reading: Promise<void> | null = null;
  private isReadAgain = false;

  constructor(options: SyncOptions) {
    this.options = options;
    this.outbox = new Outbox({
      storage: options.storage,
      send: (entry) => options.server.send(entry),
      onConfirmed: (entry, action) => this.confirm(entry, action),
      onRefused: (entry, error) => {
        dropPending(this.labels, entry.id);
        options.onRefused(entry, error);
      },
      onState: (state) => this.outboxState.setState(state),
    });
  }

  /** Read the labels and take up what an earlier tab left unsent. */
  async start(): Promise<void> {
    await this.reload();
    for (const entry of await this.outbox.open()) this.show(entry);
  }

  stop(): void {
    this.outbox.stop();
  }

  sendNow(): void {
    this.outbox.sendNow();
  }

  /** Label or clear images. */
  gesture(body: Omit<LabelActionRequest, "client_action_id">): Promise<void> {
    return this.put(body.kind ?? "assign", body);
  }

  undo(): Promise<void> {
    return this.put("undo", null);
  }

  redo(): Promise<void> {
    return this.put("redo", null);
  }

  /** News of an action of anybody. */
  receive(action: ServerAction): void {
    if (applyAction(this.labels, action) === "gap") void this.catchUp();
  }

  /** Bring the labels up to date after events may have been lost. Calls during a run make one more run. */
  catchUp(): Promise<void> {
    if (this.reading) {
      this.isReadAgain = true;
      return this.reading;
    }
    this.reading = this.readMissing().finally(() => {
      this.reading = null;
    });
    return this.reading;
  }

  /** Read all labels again; needed when images were added. */
  async reload(): Promise<void> {
    try {
      const { classIds, sequence } = await this.options.server.readLabels();
      loadLabels(this.labels, classIds, sequence);
    } catch (error) {
      this.options.onReadFailed(error);
    }
  }

  private async readMissing(): Promise<void> {
    do {
      this.isReadAgain = false;
      try {
        const { actions, isAll } = await this.options.server.readActions(this.labels.getState().sequence);
        const isApplied = isAll && actions.every((action) => applyAction(this.labels, action) !== "gap");
        if (!isApplied) await this.reload();
      } catch (error) {
        this.options.onReadFailed(error);
      }
    } while (this.isReadAgain);
  }

  private put(kind: GestureKind, body: OutboxEntry["body"]): Promise<void> {
    const { projectId, userId, newId, now } = this.options;
    this.order = Math.max(this.order + 1, now());
    const entry: OutboxEntry = { id: newId(), projectId, userId, kind, order: this.order, body };
    this.show(entry);
    return this.outbox.add(entry);
  }

  private show({ id, kind, body }: OutboxEntry): void {
    if (this.labels.getState().pending.some((gesture) => gesture.id === id)) return;
    const classId = body?.class_id ?? null;
    addPending(this.labels, { id, kind, classId, imageIndexes: body?.image_indexes ?? [], sequence: null });
  }

  private confirm(entry: OutboxEntry, action: LabelAction): void {
    confirmPending(this.labels, entry.id, action.sequence);
    this.receive(action);
    if (action.removed.length > 0) this.options.onPartly(action);
  }
}
