import { Button, Group, Loader, SegmentedControl, Text } from "@mantine/core";
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, unwrap } from "../../api/client";
import { messageOf } from "../../api/problem";
import { importsQuery, keys, projectQuery } from "../../api/queries";
import { restoreImages } from "../../api/removals";
import type { Import, ImportEntry } from "../../api/types";
import { formatCount, formatPlural } from "../../lib/format";
import { may } from "../../lib/permissions";
import classes from "./import-result.module.css";

type Outcome = ImportEntry["outcome"];
const PAGE_SIZE = 100;

function useEntries(projectId: number, importId: number, outcome: Outcome) {
  return useInfiniteQuery({
    queryKey: keys.entries(projectId, importId, outcome),
    initialPageParam: 0,
    queryFn: ({ pageParam }) =>
      unwrap(
        api.GET("/api/v1/projects/{project_id}/imports/{import_id}/entries", {
          params: {
            path: { project_id: projectId, import_id: importId },
            query: { outcome, after: pageParam, limit: PAGE_SIZE },
          },
        }),
      ),
    getNextPageParam: (page) => page.next ?? undefined,
  });
}

/** How every file of an import ended. Opens with what went wrong, if anything did. */
export function ImportResult({ projectId, importId }: { projectId: number; importId: number }) {
  const imports = useQuery(importsQuery(projectId));
  const source = imports.data?.find((entry) => entry.id === importId);
  if (!source) return <Loader color="gray" />;
  return <Entries key={`${source.num_rejected}-${source.num_added}`} projectId={projectId} source={source} />;
}

function Entries({ projectId, source }: { projectId: number; source: Import }) {
  const [outcome, setOutcome] = useState<Outcome>(source.num_rejected > 0 ? "rejected" : "added");
  const { data, error, hasNextPage, fetchNextPage, isFetching } = useEntries(projectId, source.id, outcome);
  const entries = data?.pages.flatMap((page) => page.items) ?? [];
  const option = (value: Outcome, title: string, count: number) => ({
    value,
    label: `${title} ${formatCount(count)}`,
  });

  return (
    <div
      data-testid="import-result"
      data-added={source.num_added}
      data-rejected={source.num_rejected}
      data-duplicate={source.num_duplicate}
      data-gone={source.num_gone}
    >
      <SegmentedControl
        size="xs"
        fullWidth
        value={outcome}
        onChange={(value) => setOutcome(value as Outcome)}
        data={[
          option("added", "Added", source.num_added),
          option("duplicate", "Duplicate", source.num_duplicate),
          option("rejected", "Rejected", source.num_rejected),
          ...(source.syncs_id === null ? [] : [option("gone", "Gone", source.num_gone)]),
        ]}
        aria-label="Outcome"
      />
      {source.syncs_id !== null && (
        <Text size="xs" c="dimmed" mt={6} data-testid="sync-statement">
          Against the last reading: {formatCount(source.num_added)} new, {formatCount(source.num_unchanged)}{" "}
          unchanged, {formatCount(source.num_gone)} gone. The images of files that are gone stay in the
          project.
        </Text>
      )}
      {source.num_removed > 0 && <RemovedNote projectId={projectId} source={source} />}
      {error && <Text c="red">{messageOf(error)}</Text>}
      <ul className={classes.list}>
        {entries.map((entry) => (
          <li key={entry.id} className={classes.entry}>
            <span className="truncate" title={entry.path}>
              {entry.path}
            </span>
            <span className={classes.reason}>{entry.reason}</span>
          </li>
        ))}
        {!isFetching && entries.length === 0 && <li className={classes.none}>None.</li>}
      </ul>
      {hasNextPage && (
        <Button
          variant="subtle"
          color="gray"
          fullWidth
          loading={isFetching}
          onClick={() => void fetchNextPage()}
        >
          More
        </Button>
      )}
    </div>
  );
}

/** Duplicates of pictures that were taken out of the project: they stay out, and may be brought back from here. */
function RemovedNote({ projectId, source }: { projectId: number; source: Import }) {
  const queryClient = useQueryClient();
  const project = useQuery(projectQuery(projectId));
  const restore = useMutation({
    mutationFn: () => restoreImages(projectId, { import_id: source.id }),
    onSuccess: () =>
      Promise.all([
        queryClient.invalidateQueries({ queryKey: keys.project(projectId) }),
        queryClient.invalidateQueries({ queryKey: keys.removals(projectId) }),
      ]),
  });
  const count = formatPlural(source.num_removed, "duplicate");
  const words = source.num_removed === 1 ? "is of a picture that was" : "are of pictures that were";
  return (
    <Group justify="space-between" wrap="nowrap" mt={6} data-testid="import-removed">
      <Text size="xs" c="dimmed">
        {restore.data
          ? `${formatPlural(restore.data.image_indexes.length, "image")} brought back.`
          : `${count} ${words} removed from the project, and stay out.`}
        {restore.error && ` ${messageOf(restore.error)}`}
      </Text>
      {project.data && may(project.data.role, "removeImages") && !restore.data && (
        <Button
          variant="default"
          size="compact-xs"
          onClick={() => restore.mutate()}
          loading={restore.isPending}
          data-testid="import-restore"
        >
          Bring them back
        </Button>
      )}
    </Group>
  );
}
