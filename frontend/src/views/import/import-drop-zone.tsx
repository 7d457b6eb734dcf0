import { IconPhotoPlus } from "@tabler/icons-react";
import { useStore } from "zustand";
import { useProject } from "../label/project-context";
import classes from "./import-drop-zone.module.css";
import { usePendingFiles } from "./pending-files";
import { useFileDrop } from "./use-file-drop";

/** Takes files, folders and zips dropped anywhere on the project's page. */
export function ImportDropZone() {
  const { session, may, project } = useProject();
  const { add } = usePendingFiles(session);
  const phase = useStore(session.upload, (upload) => upload.phase);
  const isOpen = useStore(session.screen, (screen) => screen.isImportOpen);
  const isBusy = phase === "uploading" || phase === "waiting" || (phase === "started" && isOpen);
  const isOver = useFileDrop(may("import") && !isBusy, (reading) => void add(reading));
  if (!isOver) return null;
  return (
    <div className={classes.overlay} data-testid="drop-overlay">
      <div className={classes.card}>
        <IconPhotoPlus size={34} stroke={1.5} />
        <p>Drop to import into {project.name}</p>
        <span>Images, folders of images, or a zip</span>
      </div>
    </div>
  );
}
