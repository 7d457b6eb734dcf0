import { Button, Group } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api, unwrap } from "../../api/client";
import type { Project } from "../../api/types";
import { formatDateTime } from "../../lib/format";
import { may } from "../../lib/permissions";
import { Failure } from "../common/failure";
import { isWaiting, lastTry } from "./read-again";
import classes from "./settings.module.css";

const NUM_SHOWN = 100;
/** While they are tried again: how often to look which of them could be read. */
const LOOK_EVERY_MS = 3_000;

/** Images whose files are missing or damaged, with the reasons; nothing where there are none. */
export function UnreadableImages({ project }: { project: Project }) {
  const path = { project_id: project.id };
  const [asked, setAsked] = useState<number | null>(null);
  const { data: page, error } = useQuery({
    queryKey: ["unreadable-images", project.id],
    refetchInterval: (query) => (isWaiting(query.state.data?.items ?? [], asked) ? LOOK_EVERY_MS : false),
    queryFn: () =>
      unwrap(
        api.GET("/api/v1/projects/{project_id}/unreadable-images", {
          params: { path, query: { limit: NUM_SHOWN } },
        }),
      ),
  });
  const tryAgain = useMutation({
    mutationFn: () => unwrap(api.POST("/api/v1/projects/{project_id}/features", { params: { path } })),
    onSuccess: () => setAsked(lastTry(page?.items ?? [])),
  });
  if (!page || page.items.length === 0) return <Failure error={error} />;
  const isTried = isWaiting(page.items, asked);
  return (
    <>
      <Group justify="space-between" align="flex-start" wrap="nowrap">
        <div>
          <h2 className={classes.title}>Images that cannot be read</h2>
          <p className={classes.lead}>
            They have no place on the map and no prediction; all others go on. Put their files back, or remove
            the images from the project.
          </p>
        </div>
        {may(project.role, "import") && (
          <Button
            variant="default"
            flex="none"
            loading={tryAgain.isPending}
            disabled={isTried}
            onClick={() => tryAgain.mutate()}
            data-testid="read-again"
          >
            {isTried ? "They are tried again" : "Try them again"}
          </Button>
        )}
      </Group>
      <Failure error={tryAgain.error} />
      <div className={classes.card} data-testid="unreadable">
        {page.items.map(({ index, path: name, reason, noted_at }) => (
          <div key={index} className={classes.row}>
            <div className={classes.grow}>
              <b className={classes.address}>{name}</b>
              <small>
                {reason} · tried {formatDateTime(noted_at)}
              </small>
            </div>
          </div>
        ))}
        {page.next !== null && (
          <div className={classes.row}>The first {NUM_SHOWN} are shown; the API has the whole list.</div>
        )}
      </div>
    </>
  );
}
