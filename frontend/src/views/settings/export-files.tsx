import { ActionIcon, Alert, Badge, Button, Progress, Text, Tooltip } from "@mantine/core";
import { IconDownload, IconTrash } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api } from "../../api/client";
import { messageOf } from "../../api/problem";
import { exportsQuery, keys } from "../../api/queries";
import type { ExportFile, Project } from "../../api/types";
import { formatAgo, formatBytes } from "../../lib/format";
import { may } from "../../lib/permissions";
import { jobShare } from "../../state/jobs";
import classes from "./settings.module.css";

/** Files that jobs made or are making, newest first. */
export function ExportFiles({ project }: { project: Project }) {
  const queryClient = useQueryClient();
  const { data: files, error } = useQuery(exportsQuery(project.id));
  const remove = useMutation({
    mutationFn: (exportId: number) =>
      api.DELETE("/api/v1/projects/{project_id}/exports/{export_id}", {
        params: { path: { project_id: project.id, export_id: exportId } },
      }),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: keys.exports(project.id) }),
  });
  if (error ?? remove.error) {
    return (
      <Alert color="red" variant="light" role="alert">
        {messageOf(error ?? remove.error)}
      </Alert>
    );
  }
  if (!files || files.length === 0) return null;
  return (
    <div>
      <Text size="sm" fw={500} mb={8}>
        Files made in the background
      </Text>
      <div className={classes.card} data-testid="exports">
        {files.map((file) => (
          <ExportRow
            key={file.id}
            projectId={project.id}
            file={file}
            onRemove={may(project.role, "editProject") ? () => remove.mutate(file.id) : null}
          />
        ))}
      </div>
    </div>
  );
}

interface ExportRowProps {
  projectId: number;
  file: ExportFile;
  onRemove: (() => void) | null;
}

function ExportRow({ projectId, file, onRemove }: ExportRowProps) {
  const { job } = file;
  const by = file.created_by ? ` by ${file.created_by}` : "";
  const size = file.num_bytes === null ? "" : ` · ${formatBytes(file.num_bytes)}`;
  const isMaking = job?.state === "queued" || job?.state === "running";
  return (
    <div className={classes.row} data-testid="export-file" data-state={job?.state ?? "gone"}>
      <div className={classes.grow}>
        {file.name}
        <small className="num">
          {formatAgo(file.created_at, new Date())}
          {by}
          {size}
          {job?.state === "failed" && ` · ${job.error_message}`}
        </small>
        {isMaking && <Progress value={100 * (jobShare(job) ?? 0)} size={3} mt={6} aria-label="Made" />}
      </div>
      {job && job.state !== "succeeded" && (
        <Badge color={job.state === "failed" ? "red" : "gray"}>{job.state}</Badge>
      )}
      {file.num_bytes !== null && (
        <Button
          component="a"
          href={`/api/v1/projects/${projectId}/exports/${file.id}/file`}
          download={file.name}
          variant="default"
          size="compact-sm"
          leftSection={<IconDownload size={14} />}
        >
          Download
        </Button>
      )}
      {onRemove && (
        <Tooltip label="Remove the file">
          <ActionIcon aria-label={`Remove ${file.name}`} onClick={onRemove}>
            <IconTrash size={15} />
          </ActionIcon>
        </Tooltip>
      )}
    </div>
  );
}
