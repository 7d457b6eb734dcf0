import { Alert, Button, Group, Progress, Stack, Text } from "@mantine/core";
import { useStore } from "zustand";
import { formatBytes, formatCount } from "../../lib/format";
import { isActive, jobShare, stageTitle } from "../../state/jobs";
import { useProject } from "../label/project-context";

export interface ImportProgressProps {
  onCancel: () => void;
  onClose: () => void;
}

/** First the bytes on their way, then the job that reads them. */
export function ImportProgress({ onCancel, onClose }: ImportProgressProps) {
  const { session } = useProject();
  const { phase, numFiles, numSent, numBytes, bytesSent, error, jobId } = useStore(session.upload);
  const job = useStore(session.jobs, (state) => state.jobs.find((entry) => entry.id === jobId));

  if (phase === "failed") {
    return (
      <Alert color="red" variant="light" role="alert" title="The upload stopped">
        {error}. Drop the files again: those that arrived are recognized as duplicates once they are imported.
      </Alert>
    );
  }
  if (phase === "uploading") {
    return (
      <Stack gap="xs">
        <Line left="Sending" right={`${formatCount(numSent)} of ${formatCount(numFiles)} files`} />
        <Progress value={numBytes > 0 ? (100 * bytesSent) / numBytes : 0} aria-label="Sent" />
        <Line
          left={`${formatBytes(bytesSent)} of ${formatBytes(numBytes)}`}
          right="Keep this tab open until it is sent"
        />
        <Group justify="flex-end">
          <Button variant="default" onClick={onCancel}>
            Cancel
          </Button>
        </Group>
      </Stack>
    );
  }
  if (!job || !isActive(job)) {
    return job?.state === "failed" ? (
      <Alert color="red" variant="light" role="alert" title="The import failed">
        {job.error_message}
      </Alert>
    ) : null;
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
