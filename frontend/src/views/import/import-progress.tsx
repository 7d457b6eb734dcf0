import { Alert, Button, Group, Progress, Stack, Text } from "@mantine/core";
import { useStore } from "zustand";
import { formatBytes, formatCount, formatPlural } from "../../lib/format";
import { isActive, jobShare, stageTitle } from "../../state/jobs";
import type { RefusedFile } from "../../state/upload";
import { useProject } from "../label/project-context";

const MAX_REFUSED_SHOWN = 5;

export interface ImportProgressProps {
  onCancel: () => void;
  onClose: () => void;
  /** Sends what is missing; null where there is nothing to send again. */
  onRetry: (() => void) | null;
  onReset: () => void;
}

/** First the bytes on their way, then the job that reads them. */
export function ImportProgress({ onCancel, onClose, onRetry, onReset }: ImportProgressProps) {
  const { session } = useProject();
  const { phase, numFiles, numSent, numBytes, bytesSent, refused, error, jobId } = useStore(session.upload);
  const job = useStore(session.jobs, (state) => state.jobs.find((entry) => entry.id === jobId));

  if (phase === "failed") {
    return (
      <Stack gap="xs">
        <Alert color="red" variant="light" role="alert" title="The import could not be started">
          {error}
        </Alert>
        <Refused refused={refused} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onReset} data-testid="import-back">
            Back
          </Button>
          {onRetry && (
            <Button onClick={onRetry} data-testid="import-retry">
              Try again
            </Button>
          )}
        </Group>
      </Stack>
    );
  }
  if (phase === "uploading" || phase === "waiting") {
    return (
      <Stack gap="xs">
        <Line left="Sending" right={`${formatCount(numSent)} of ${formatCount(numFiles)} files`} />
        <Progress value={numBytes > 0 ? (100 * bytesSent) / numBytes : 0} aria-label="Sent" />
        <Line
          left={`${formatBytes(bytesSent)} of ${formatBytes(numBytes)}`}
          right={phase === "waiting" ? "" : "Keep this tab open until it is sent"}
        />
        {phase === "waiting" && (
          <Alert color="yellow" variant="light" role="status" data-testid="upload-waiting">
            {error} It goes on by itself as soon as the server answers.
          </Alert>
        )}
        <Refused refused={refused} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onCancel}>
            Cancel
          </Button>
        </Group>
      </Stack>
    );
  }
  if (!job || !isActive(job)) {
    return (
      <Stack gap="xs" mb={refused.length > 0 || job?.state === "failed" ? "sm" : 0}>
        <Refused refused={refused} />
        {job?.state === "failed" && (
          <Alert color="red" variant="light" role="alert" title="The import failed">
            {job.error_message}
          </Alert>
        )}
      </Stack>
    );
  }
  const share = jobShare(job);
  return (
    <Stack gap="xs">
      <Line
        left={stageTitle(job.stage) || "Waiting for a worker"}
        right={share === null ? "" : `${formatCount(job.done)} of ${formatCount(job.total)}`}
      />
      <Progress value={100 * (share ?? 0)} animated={share === null} aria-label="Imported" />
      <Line left="The job goes on by itself: you may close this, or the tab." right="" />
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>
          Watch the map
        </Button>
      </Group>
    </Stack>
  );
}

/** Files that the server would not take, before any was read. */
function Refused({ refused }: { refused: readonly RefusedFile[] }) {
  if (refused.length === 0) return null;
  return (
    <Alert
      color="yellow"
      variant="light"
      title={`${formatPlural(refused.length, "file")} not taken`}
      data-testid="upload-refused"
    >
      {refused.slice(0, MAX_REFUSED_SHOWN).map(({ path, reason }) => (
        <div key={path}>
          {path}: {reason}
        </div>
      ))}
      {refused.length > MAX_REFUSED_SHOWN && (
        <div>and {formatCount(refused.length - MAX_REFUSED_SHOWN)} more</div>
      )}
    </Alert>
  );
}

function Line({ left, right }: { left: string; right: string }) {
  return (
    <Group justify="space-between">
      <Text size="sm" c="dimmed">
        {left}
      </Text>
      <Text size="sm" c="dimmed" className="num">
        {right}
      </Text>
    </Group>
  );
}
