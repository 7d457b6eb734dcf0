import { Modal } from "@mantine/core";
import { useRef } from "react";
import { useStore } from "zustand";
import { uploadServer } from "../../api/project-server";
import { resetUpload, type UploadRequest, upload } from "../../state/upload";
import { useProject } from "../label/project-context";
import { ImportForm } from "./import-form";
import { ImportProgress } from "./import-progress";
import { ImportResult } from "./import-result";
import { usePendingFiles } from "./pending-files";

/** From chosen files to a result for each: what will be sent, how far it is, how every file ended. */
export function ImportDialog() {
  const { session } = useProject();
  const isOpen = useStore(session.screen, (screen) => screen.isImportOpen);
  const { phase, jobId, importId } = useStore(session.upload);
  const job = useStore(session.jobs, (state) => state.jobs.find((entry) => entry.id === jobId));
  const pending = usePendingFiles(session);
  const abort = useRef<AbortController | null>(null);

  const close = () => {
    session.screen.setState({ isImportOpen: false });
    if (phase === "started" || phase === "failed") {
      resetUpload(session.upload);
      pending.clear();
    }
  };
  const start = (request: UploadRequest) => {
    abort.current = new AbortController();
    void upload(session.upload, uploadServer(session.projectId), request, abort.current.signal);
  };
  const isFinished = phase === "started" && (job === undefined || job.finished_at !== null);

  return (
    <Modal opened={isOpen} onClose={close} title="Import images" size="lg" data-testid="import-dialog">
      {phase === "idle" || phase === "reading" ? (
        <ImportForm pending={pending} onStart={start} />
      ) : (
        <ImportProgress onCancel={() => abort.current?.abort()} onClose={close} />
      )}
      {isFinished && importId !== null && <ImportResult projectId={session.projectId} importId={importId} />}
    </Modal>
  );
}
