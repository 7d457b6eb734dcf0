import { Button, Group, Loader, Text } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { api, unwrap } from "../../api/client";
import { keys } from "../../api/queries";
import type { AuditItem } from "../../api/types";
import { auditWords } from "../../lib/audit-words";
import { formatDateTime } from "../../lib/format";
import classes from "../settings/settings.module.css";
import { Failure } from "./failure";

/** What admins did, newest first: of a project, or (null) of the site and all projects. */
export function AuditLog({ projectId }: { projectId: number | null }) {
  const log = useInfiniteQuery({
    queryKey: keys.auditLog(projectId),
    queryFn: ({ pageParam: after }) => {
      const query = after === null ? {} : { after };
      return projectId === null
        ? unwrap(api.GET("/api/v1/audit-log", { params: { query } }))
        : unwrap(
            api.GET("/api/v1/projects/{project_id}/audit-log", {
              params: { path: { project_id: projectId }, query },
            }),
          );
    },
    initialPageParam: null as number | null,
    getNextPageParam: (page) => page.next,
    staleTime: 0,
  });
  const items = log.data?.pages.flatMap((page) => page.items) ?? [];
  if (log.isPending) return <Loader color="gray" size="sm" aria-label="Reading the log" />;
  return (
    <>
      <Failure error={log.error} />
      {items.length === 0 && !log.error && (
        <Text size="sm" c="dimmed">
          Nothing has been changed yet.
        </Text>
      )}
      {items.length > 0 && (
        <div className={classes.card} data-testid="audit-log">
          {items.map((item) => (
            <AuditRow key={item.id} item={item} showsProject={projectId === null} />
          ))}
        </div>
      )}
      {log.hasNextPage && (
        <Group>
          <Button variant="default" loading={log.isFetchingNextPage} onClick={() => void log.fetchNextPage()}>
            Older
          </Button>
        </Group>
      )}
    </>
  );
}

function AuditRow({ item, showsProject }: { item: AuditItem; showsProject: boolean }) {
  const place = item.project_id === null ? "site" : `project ${item.project_id}`;
  return (
    <div className={classes.row}>
      <div className={classes.grow}>
        <b>{item.actor}</b> {auditWords(item.action, item.detail)}
        <small className="num">
          {formatDateTime(item.created_at)}
          {showsProject && ` · ${place}`}
        </small>
      </div>
    </div>
  );
}
