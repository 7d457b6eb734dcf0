/** Computes declutter codes off the main thread. One message in, one out. */
import { type DeclutterJob, runJob } from "./declutter-job";

self.addEventListener("message", (event: MessageEvent<DeclutterJob>) => {
  const result = runJob(event.data);
  self.postMessage(result, { transfer: [result.codesA.buffer, result.codesB.buffer] });
});
