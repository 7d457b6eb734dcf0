import { Button, Group, Text } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api } from "../../api/client";
import { messageOf } from "../../api/problem";
import { importsQuery, keys } from "../../api/queries";
import type { Import } from "../../api/types";
import { formatDateTime, formatPlural } from "../../lib/format";
import type { NewImport } from "../../state/upload";
import { useProject } from "../label/project-context";
import type { usePendingFiles } from "./pending-files";
import classes from "./unfinished-uploads.module.css";

export interface UnfinishedUploadsProps {
  pending: ReturnType<typeof usePendingFiles>;
  onStart: (request: NewImport & { resumes: number }) => void;
}

/** Uploads that were cut off, by a closed tab or a lost line: what is there stays until one of three buttons. */
export function UnfinishedUploads({ pending, onStart }: UnfinishedUploadsProps) {
  const { session } = useProject();
  const imports = useQuery(importsQuery(session.projectId)).data ?? [];
  const unfinished = imports.filter(
    ({ state, kind }) => state === "open" && (kind === "upload" || kind === "manifest"),
  );
  if (unfinished.length === 0) return null;
  return (
    <div className={classes.list} data-testid="unfinished-uploads">
      {unfinished.map((source) => (
        <Unfinished
          key={source.id}
          source={source}
          isChosen={pending.resumes?.id === source.id}
          onChoose={() => pending.resume(pending.resumes?.id === source.id ? null : source)}
          onStart={() => onStart({ name: source.name, resumes: source.id })}
        />
      ))}
    </div>
  );
}

interface UnfinishedProps {
  source: Import;
  isChosen: boolean;
  onChoose: () => void;
  onStart: () => void;
}

function Unfinished({ source, isChosen, onChoose, onStart }: UnfinishedProps) {
  const { session } = useProject();
  const queryClient = useQueryClient();
  const discard = useMutation({
    mutationFn: () =>
      api.DELETE("/api/v1/projects/{project_id}/imports/{import_id}", {
        params: { path: { project_id: session.projectId, import_id: source.id } },
      }),
    onSettled: () => queryClient.invalidateQueries({ queryKey: keys.imports(session.projectId) }),
  });
  return (
    <div className={classes.upload} data-chosen={isChosen}>
      <Group justify="space-between" gap="xs" wrap="nowrap">
        <div className={classes.name}>
          <b className="truncate">{source.name}</b>
          <span className="num">
            Not finished: {formatPlural(source.num_files, "file")} here, begun{" "}
            {formatDateTime(source.created_at)}
          </span>
        </div>
        <Group gap={4} wrap="nowrap">
          <Button
            size="compact-sm"
            variant={isChosen ? "default" : "light"}
            onClick={onChoose}
            data-testid="upload-go-on"
          >
            {isChosen ? "Leave it" : "Go on"}
          </Button>
          {source.num_files > 0 && (
            <Button size="compact-sm" variant="subtle" onClick={onStart} data-testid="upload-start-as-is">
              Import what is here
            </Button>
          )}
          <Button
            size="compact-sm"
            variant="subtle"
            color="red"
            loading={discard.isPending}
            onClick={() => discard.mutate()}
            data-testid="upload-discard"
          >
            Discard
          </Button>
        </Group>
      </Group>
      {isChosen && (
        <Text size="xs" mt={6}>
          Choose or drop the same files or folder again. Only what is missing is sent; a large file goes on
          where it stopped.
        </Text>
      )}
      {discard.error && (
        <Text size="xs" c="red" role="alert">
          {messageOf(discard.error)}
        </Text>
      )}
    </div>
  );
}
