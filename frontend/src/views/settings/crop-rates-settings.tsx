import { Alert, Button, Group, SegmentedControl } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconPlus } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, unwrap } from "../../api/client";
import { messageOf } from "../../api/problem";
import { cropRatesQuery, suggestionKeys } from "../../api/suggestion-queries";
import type { CropRates, Project } from "../../api/types";
import { formatDateTime } from "../../lib/format";
import { may } from "../../lib/permissions";
import { ErrorScreen, LoadingScreen } from "../common/states";
import rates from "./crop-rates.module.css";
import {
  balanced,
  draftOf,
  faultOf,
  type RatesDraft,
  requestOf,
  sumOf,
  withNewRate,
} from "./crop-rates-draft";
import { CropRateOverrides } from "./crop-rates-overrides";
import { CropRateRow } from "./crop-rates-row";
import classes from "./settings.module.css";
import { useExampleImages } from "./use-example-images";

/** How tightly which share of the images is cropped, with examples that follow every change. */
export function CropRatesSettings({ project }: { project: Project }) {
  const saved = useQuery(cropRatesQuery(project.id));
  if (saved.error)
    return (
      <ErrorScreen
        title="The crop rates could not be read"
        error={saved.error}
        onRetry={() => void saved.refetch()}
      />
    );
  if (!saved.data) return <LoadingScreen what="crop rates" />;
  return <Editor key={saved.data.version} project={project} saved={saved.data} />;
}

function Editor({ project, saved }: { project: Project; saved: CropRates }) {
  const queryClient = useQueryClient();
  const [draft, setDraft] = useState<RatesDraft>(() => draftOf(saved));
  const examples = useExampleImages(project);
  const isReadOnly = !may(project.role, "editProject");
  const fault = faultOf(draft);
  const isChanged = JSON.stringify(requestOf(draft)) !== JSON.stringify(requestOf(draftOf(saved)));

  const save = useMutation({
    mutationFn: () =>
      unwrap(
        api.PUT("/api/v1/projects/{project_id}/crop-rates", {
          params: { path: { project_id: project.id } },
          body: requestOf(draft),
        }),
      ),
    onSuccess: (answer) => {
      queryClient.setQueryData(suggestionKeys.cropRates(project.id), answer);
      notifications.show({ message: `Crop rates saved as version ${answer.version}.` });
    },
    onError: (error) => notifications.show({ message: messageOf(error), color: "red" }),
  });
  const changeRow = (key: number, change: Partial<RatesDraft["rates"][number]>) =>
    setDraft((before) => ({
      ...before,
      rates: before.rates.map((rate) => (rate.key === key ? { ...rate, ...change } : rate)),
    }));

  return (
    <>
      <div>
        <h2 className={classes.title}>Crop rates</h2>
        <p className={classes.lead}>
          Which share of the images is cropped how tightly. Thumbnails of the crop map and exports follow at
          once, crop embeddings with the next model.{" "}
          {saved.version === 0
            ? "Nothing is saved yet: every image has the project's crop margin."
            : `Version ${saved.version}, saved ${formatDateTime(saved.created_at ?? "")}.`}
        </p>
      </div>
      <section className={`${classes.card} ${rates.card}`} data-testid="crop-rates">
        <div className={rates.policy}>
          <span>Which image gets which rate</span>
          <SegmentedControl
            size="xs"
            value={draft.kind}
            disabled={isReadOnly}
            onChange={(kind) => setDraft({ ...draft, kind: kind as RatesDraft["kind"] })}
            data={[
              { value: "random", label: "At random" },
              { value: "by_object_size", label: "By object size" },
            ]}
            aria-label="Which image gets which rate"
            data-testid="crop-policy"
          />
          <small>
            {draft.kind === "random"
              ? "A stable hash of project and image decides; an image keeps its rate."
              : "The smallest salient areas get the tightest crops, the largest stay whole."}
          </small>
        </div>
        {draft.rates.map((rate) => (
          <CropRateRow
            key={rate.key}
            rate={rate}
            examples={examples}
            numImages={project.num_images - project.num_removed}
            isReadOnly={isReadOnly}
            isOnly={draft.rates.length === 1}
            onChange={(change) => changeRow(rate.key, change)}
            onRemove={() =>
              setDraft({ ...draft, rates: draft.rates.filter((other) => other.key !== rate.key) })
            }
          />
        ))}
        <Group justify="space-between" className={rates.foot}>
          {!isReadOnly && (
            <Button
              variant="subtle"
              color="gray"
              leftSection={<IconPlus size={14} />}
              onClick={() => setDraft({ ...draft, rates: withNewRate(draft.rates) })}
              data-testid="crop-rate-add"
            >
              Add a rate
            </Button>
          )}
          <span className="num" data-testid="crop-rate-sum" data-wrong={sumOf(draft.rates) !== 100}>
            Sum {sumOf(draft.rates)} %
          </span>
        </Group>
      </section>
      <CropRateOverrides
        project={project}
        overrides={draft.overrides}
        isReadOnly={isReadOnly}
        onChange={(overrides) => setDraft({ ...draft, overrides })}
      />
      {fault && (
        <Alert color="red" variant="light" data-testid="crop-rate-fault">
          {fault}
          {sumOf(draft.rates) !== 100 && balanced(draft.rates) !== draft.rates && (
            <Button
              variant="subtle"
              size="compact-xs"
              ml={8}
              onClick={() => setDraft({ ...draft, rates: balanced(draft.rates) })}
            >
              Give the last row the rest
            </Button>
          )}
        </Alert>
      )}
      {!isReadOnly && (
        <Group justify="flex-end">
          <Button size="sm" variant="default" disabled={!isChanged} onClick={() => setDraft(draftOf(saved))}>
            Discard
          </Button>
          <Button
            size="sm"
            disabled={fault !== null || !isChanged}
            loading={save.isPending}
            onClick={() => save.mutate()}
            data-testid="crop-rates-save"
          >
            Save as version {saved.version + 1}
          </Button>
        </Group>
      )}
    </>
  );
}
