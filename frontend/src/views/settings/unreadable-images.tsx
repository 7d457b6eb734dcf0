import { Button, Group } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, unwrap } from "../../api/client";
import type { Project } from "../../api/types";
import { formatDateTime } from "../../lib/format";
import { may } from "../../lib/permissions";
import { Failure } from "../common/failure";
import classes from "./settings.module.css";

const NUM_SHOWN = 100;

/** Images whose files are missing or damaged, with the reasons; nothing where there are none. */
export function UnreadableImages({ project }: { project: Project }) {
  const queryClient = useQueryClient();
  const queryKey = ["unreadable-images", project.id];
  const path = { project_id: project.id };
  const { data: page, error } = useQuery({
    queryKey,
    queryFn: () =>
      unwrap(
        api.GET("/api/v1/projects/{project_id}/unreadable-images", {
          params: { path, query: { limit: NUM_SHOWN } },
        }),
      ),
  });
  const tryAgain = useMutation({
    mutationFn: () => unwrap(api.POST("/api/v1/projects/{project_id}/features", { params: { path } })),
    onSuccess: () => queryClient.invalidateQueries({ queryKey }),
  });
  if (!page || page.items.length === 0) return <Failure error={error} />;
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
            disabled={tryAgain.isSuccess}
            onClick={() => tryAgain.mutate()}
            data-testid="read-again"
          >
            {tryAgain.isSuccess ? "They are tried again" : "Try them again"}
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
