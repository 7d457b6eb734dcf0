/** Files that were dropped or picked and wait for the person to start the import, or to go on with one. */
import { notifications } from "@mantine/notifications";
import { useStore } from "zustand";
import { createStore } from "zustand/vanilla";
import { messageOf } from "../../api/problem";
import type { Import } from "../../api/types";
import type { PickedFile } from "../../lib/files";
import type { ProjectSession } from "../../state/project-session";
import { resetUpload } from "../../state/upload";

interface PendingState {
  readonly files: readonly PickedFile[];
  readonly isReading: boolean;
  /** The interrupted upload that they belong to. */
  readonly resumes: Import | null;
}

const pending = createStore<PendingState>(() => ({
  files: [],
  isReading: false,
  resumes: null,
}));

export function usePendingFiles(session: ProjectSession) {
  const { files, isReading, resumes } = useStore(pending);
  const add = async (reading: Promise<PickedFile[]>) => {
    pending.setState({ isReading: true });
    resetUpload(session.upload);
    session.screen.setState({ isImportOpen: true });
    try {
      const picked = await reading;
      const known = new Set(pending.getState().files.map(({ path }) => path));
      pending.setState({
        files: [...pending.getState().files, ...picked.filter(({ path }) => !known.has(path))],
      });
    } catch (error) {
      notifications.show({
        message: `The dropped files could not be read: ${messageOf(error)}`,
        color: "yellow",
      });
    } finally {
      pending.setState({ isReading: false });
    }
  };
  const clear = () => pending.setState({ files: [], resumes: null });
  const resume = (source: Import | null) => pending.setState({ resumes: source });
  return { files, isReading, resumes, add, clear, resume };
}
