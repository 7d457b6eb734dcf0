/**
 * Gestures on their way to the server. Each is written to storage first, sent in order, one at a time, and removed when
 * the server has answered. Per entry: waiting -> sending -> confirmed | refused; a lost network, a busy server or an
 * ended session puts it back to waiting. Sending twice is harmless: the server knows `id`.
 */
import { ApiError, NetworkError } from "../api/problem";
import type { LabelAction, LabelActionRequest } from "../api/types";
import type { GestureKind } from "./labels";

export interface OutboxEntry {
  /** The `client_action_id`. */
  readonly id: string;
  readonly projectId: number;
  readonly userId: number;
  readonly kind: GestureKind;
  /** Entries are sent by ascending order number. */
  readonly order: number;
  /** The request's body; null for undo and redo. */
  readonly body: Omit<LabelActionRequest, "client_action_id"> | null;
}

export interface OutboxStorage {
  list(): Promise<OutboxEntry[]>;
  put(entry: OutboxEntry): Promise<void>;
  remove(id: string): Promise<void>;
}

/** saved: nothing waits. offline: the server is not reached. signed-out: waits for signing in. */
export type OutboxStatus = "saved" | "saving" | "offline" | "signed-out";

export interface OutboxState {
  readonly status: OutboxStatus;
  readonly numWaiting: number;
  /** False when the browser refused to store an entry: closing the tab now would lose it. */
  readonly isStored: boolean;
}

export interface OutboxOptions {
  storage: OutboxStorage;
  send: (entry: OutboxEntry) => Promise<LabelAction>;
  onConfirmed: (entry: OutboxEntry, action: LabelAction) => void;
  onRefused: (entry: OutboxEntry, error: ApiError) => void;
  onState: (state: OutboxState) => void;
}

export const FIRST_RETRY_MS = 1000;
export const LONGEST_RETRY_MS = 30_000;

/** What a failed send means for the entry. */
export function verdictOf(error: unknown): "offline" | "signed-out" | "refused" {
  if (error instanceof NetworkError) return "offline";
  if (!(error instanceof ApiError)) throw error;
  if (error.status === 401) return "signed-out";
  if (error.status === 408 || error.status === 429 || error.status >= 500) return "offline";
  return "refused";
}

export class Outbox {
  private readonly options: OutboxOptions;
  private entries: OutboxEntry[] = [];
  private status: OutboxStatus = "saved";
  private isStored = true;
  private isSending = false;
  private isStopped = false;
  private failures = 0;
  private retry: ReturnType<typeof setTimeout> | undefined;

  constructor(options: OutboxOptions) {
    this.options = options;
  }

  /** Take up what an earlier tab left; resolves with those entries so that they can be shown. */
  async open(): Promise<OutboxEntry[]> {
    const left = (await this.options.storage.list()).sort((a, b) => a.order - b.order);
    const known = new Set(this.entries.map((entry) => entry.id));
    this.entries = [...left.filter((entry) => !known.has(entry.id)), ...this.entries];
    this.sendNow();
    return left;
  }

  /** Write the entry down and send it when its turn comes. */
  async add(entry: OutboxEntry): Promise<void> {
    this.entries.push(entry);
    this.report("saving");
    try {
      await this.options.storage.put(entry);
    } catch {
      this.isStored = false; // private windows refuse storage; shown to the person, and the entry is still sent
      this.report(this.status);
    }
    if (this.retry === undefined) this.sendNow();
  }

  /** Try again at once: the network is back, or somebody signed in. */
  sendNow(): void {
    clearTimeout(this.retry);
    this.retry = undefined;
    if (!this.isSending) void this.drain();
  }

  /** Stop sending; what waits stays in storage. */
  stop(): void {
    this.isStopped = true;
    clearTimeout(this.retry);
  }

  private async drain(): Promise<void> {
    this.isSending = true;
    try {
      while (this.entries.length > 0 && !this.isStopped) {
        if (this.status === "saved") this.report("saving");
        if (!(await this.sendFirst(this.entries[0]))) return;
      }
      this.isStored = true;
      this.report("saved");
    } finally {
      this.isSending = false;
    }
  }

  /** True when the entry is done with, either way. */
  private async sendFirst(entry: OutboxEntry): Promise<boolean> {
    try {
      const action = await this.options.send(entry);
      await this.forget(entry);
      this.options.onConfirmed(entry, action);
    } catch (error) {
      const verdict = verdictOf(error);
      if (verdict !== "refused") {
        this.wait(verdict);
        return false;
      }
      await this.forget(entry);
      this.options.onRefused(entry, error as ApiError);
    }
    this.failures = 0;
    this.report("saving");
    return true;
  }

  private async forget(entry: OutboxEntry): Promise<void> {
    this.entries = this.entries.filter((other) => other.id !== entry.id);
    try {
      await this.options.storage.remove(entry.id);
    } catch {
      this.isStored = false; // it will be sent again by a later tab, which the server recognizes by its id
    }
  }

  private wait(verdict: "offline" | "signed-out"): void {
    this.failures += 1;
    this.report(verdict);
    if (verdict === "signed-out" || this.isStopped) return;
    const pause = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** (this.failures - 1));
    this.retry = setTimeout(() => this.sendNow(), pause);
  }

  private report(status: OutboxStatus): void {
    const isWaiting = this.status === "offline" || this.status === "signed-out";
    this.status = status === "saving" && isWaiting && this.failures > 0 ? this.status : status;
    this.options.onState({ status: this.status, numWaiting: this.entries.length, isStored: this.isStored });
  }
}
