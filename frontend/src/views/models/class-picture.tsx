import { Button, Progress } from "@mantine/core";
import { IconBrush } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, unwrap } from "../../api/client";
import { messageOf } from "../../api/problem";
import { keys } from "../../api/queries";
import type { ClassView, Job } from "../../api/types";
import classes from "./class-views.module.css";
import { pictureState } from "./picture-state";

export interface ClassPictureProps {
  projectId: number;
  modelNumber: number;
  name: string;
  view: ClassView;
  jobs: readonly Job[];
  askedJobId: number | null;
  onAsked: (jobId: number | null) => void;
  mayAsk: boolean;
}

/** The image that this model would call a class most surely, drawn when somebody asks for it. */
export function ClassPicture({ projectId, modelNumber, name, view, jobs, ...asking }: ClassPictureProps) {
  const queryClient = useQueryClient();
  const ask = useMutation({
    mutationFn: () =>
      unwrap(
        api.POST("/api/v1/projects/{project_id}/models/{number}/classes/{class_id}/picture", {
          params: { path: { project_id: projectId, number: modelNumber, class_id: view.class_id } },
        }),
      ),
    onSuccess: async (job) => {
      asking.onAsked(job?.id ?? null);
      await queryClient.invalidateQueries({ queryKey: keys.jobs(projectId) });
      await queryClient.invalidateQueries({
        queryKey: keys.classView(projectId, modelNumber, view.class_id),
      });
    },
  });
  const state = pictureState(view, jobs, asking.askedJobId);
  const error = ask.error ? messageOf(ask.error) : state.kind === "none" ? state.error : null;

  return (
    <figure className={classes.figure} data-testid="class-picture" data-state={state.kind}>
      {state.kind === "drawn" ? (
        <img src={state.url} alt={`What the model calls ${name} most surely`} />
      ) : (
        <div className={classes.canvas}>
          {state.kind === "drawing" ? (
            <>
              <span aria-live="polite">{state.share === null ? "Waiting for the worker" : "Drawing"}</span>
              <Progress
                value={100 * (state.share ?? 1)}
                animated={state.share === null}
                size="sm"
                w="70%"
                aria-label="Progress of the drawing"
              />
            </>
          ) : (
            <>
              {error && <span role="alert">{error}</span>}
              {asking.mayAsk ? (
                <Button
                  size="xs"
                  variant="default"
                  leftSection={<IconBrush size={14} />}
                  loading={ask.isPending}
                  onClick={() => ask.mutate()}
                  data-testid="draw-class"
                >
                  Draw {name}
                </Button>
              ) : (
                <span>Not drawn yet</span>
              )}
            </>
          )}
        </div>
      )}
      <figcaption>
        {state.kind === "drawn"
          ? `What this model would call ${name} most surely`
          : "Takes some seconds, once a class"}
      </figcaption>
    </figure>
  );
}
