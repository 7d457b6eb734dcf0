/** Parts of the page that load when they are needed, also after a time without a network. */

const NUM_TRIES = 3;
const PAUSE_MS = 1000;

/** What `loadLater` reads of the browser. */
export interface Connection {
  readonly isOnline: () => boolean;
  /** Resolves when the network is back. */
  readonly untilOnline: () => Promise<void>;
  readonly pause: (ms: number) => Promise<void>;
}

const BROWSER: Connection = {
  isOnline: () => navigator.onLine,
  untilOnline: () =>
    new Promise((resolve) => window.addEventListener("online", () => resolve(), { once: true })),
  pause: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
};

/**
 * Load a part; without a network wait for it, so that labeling goes on meanwhile. With a network a few tries are made,
 * then the error is passed on: the server no longer has the part, and the page must be loaded anew.
 */
export async function loadLater<T>(load: () => Promise<T>, connection: Connection = BROWSER): Promise<T> {
  for (let tries = 1; ; ) {
    try {
      return await load();
    } catch (error) {
      if (!connection.isOnline()) {
        await connection.untilOnline();
      } else if (tries++ < NUM_TRIES) {
        await connection.pause(PAUSE_MS);
      } else {
        throw error;
      }
    }
  }
}
