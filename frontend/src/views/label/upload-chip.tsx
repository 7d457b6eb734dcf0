import { UnstyledButton } from "@mantine/core";
import { useStore } from "zustand";
import { formatCount } from "../../lib/format";
import classes from "./job-strip.module.css";
import { useProject } from "./project-context";

const TITLES = { uploading: "Uploading", waiting: "Waiting for the server", failed: "Upload failed" };

/** Progress of files on their way to the server; opens the import dialog. */
export function UploadChip() {
  const { session } = useProject();
  const { phase, numFiles, numBytes, bytesSent, numSent } = useStore(session.upload);
  if (phase !== "uploading" && phase !== "waiting" && phase !== "failed") return null;
  const share = numBytes > 0 ? bytesSent / numBytes : 0;
  return (
    <UnstyledButton
      className={classes.job}
      onClick={() => session.screen.setState({ isImportOpen: true })}
      fz="inherit"
    >
      <b>{TITLES[phase]}</b>
      <span className={classes.track}>
        <span style={{ width: `${100 * share}%` }} />
      </span>
      <span className={`${classes.numbers} num`}>
        {formatCount(numSent)} / {formatCount(numFiles)}
      </span>
    </UnstyledButton>
  );
}
