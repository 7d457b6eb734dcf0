import { Button, Group } from "@mantine/core";
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, unwrap } from "../../api/client";
import { imageUrl, keys } from "../../api/queries";
import { removalsQuery, restoreImages } from "../../api/removals";
import type { Project, RemovalSummary, RestoreRequest } from "../../api/types";
import { formatCount, formatDateTime, formatPlural } from "../../lib/format";
import { may } from "../../lib/permissions";
import { Failure } from "../common/failure";
import classes from "./removed-images.module.css";
import settings from "./settings.module.css";

const PAGE_SIZE = 24;

/** What was taken out of the project, by whom and when, and the way back. */
export function RemovedImagesSettings({ project }: { project: Project }) {
  const isAdmin = may(project.role, "removeImages");
  const { data, error } = useQuery({ ...removalsQuery(project.id), enabled: isAdmin });
  const restore = useRestore(project.id);
  return (
    <>
      <Group justify="space-between" align="flex-start" wrap="nowrap">
        <div>
          <h2 className={settings.title}>Removed images</h2>
          <p className={settings.lead}>
            {isAdmin
              ? "Images that admins took out of the project. Their files and labels are kept and come back with them, at their old place on the map."
              : "Only admins of the project remove images and bring them back."}
          </p>
        </div>
        {isAdmin && project.num_removed > 0 && (
          <Button
            variant="default"
            flex="none"
            onClick={() => restore.mutate({ all: true })}
            loading={restore.isPending}
            data-testid="restore-all"
          >
            {`Bring back all ${formatCount(project.num_removed)}`}
          </Button>
        )}
      </Group>
      <Failure error={error ?? restore.error} />
      {isAdmin && data?.items.length === 0 && (
        <p className={settings.lead} data-testid="none-removed">
          No image is removed. Select images on the map, then Remove from the project in the selection panel.
        </p>
      )}
      {data?.items.map((removal) => (
        <RemovalCard key={removal.id} projectId={project.id} removal={removal} onRestore={restore.mutate} />
      ))}
    </>
  );
}

function useRestore(projectId: number) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (which: RestoreRequest) => restoreImages(projectId, which),
    onSettled: () =>
      Promise.all([
        queryClient.invalidateQueries({ queryKey: keys.removals(projectId) }),
        queryClient.invalidateQueries({ queryKey: keys.project(projectId) }),
        queryClient.invalidateQueries({ queryKey: keys.classes(projectId) }),
      ]),
  });
}

interface RemovalCardProps {
  projectId: number;
  removal: RemovalSummary;
  onRestore: (which: RestoreRequest) => void;
}

function RemovalCard({ projectId, removal, onRestore }: RemovalCardProps) {
  const { id, num_images, num_labelled } = removal;
  const images = useRemovedImages(projectId, id);
  const shown = images.data?.pages.flatMap((page) => page.items) ?? [];
  const labelled = num_labelled > 0 ? `, ${formatCount(num_labelled)} labelled` : "";
  return (
    <div className={`${settings.card} ${settings.padded}`} data-testid="removal" data-count={num_images}>
      <Group justify="space-between" wrap="nowrap">
        <div className={settings.grow}>
          <b className="num">
            {formatPlural(num_images, "image")}
            {labelled}
          </b>
          <small className="num">
            {formatDateTime(removal.created_at)}
            {removal.removed_by && ` by ${removal.removed_by}`}
          </small>
        </div>
        <Button
          variant="default"
          size="compact-sm"
          flex="none"
          onClick={() => onRestore({ removal_id: id })}
          data-testid="restore-removal"
        >
          {num_images === 1 ? "Bring it back" : `Bring these ${formatCount(num_images)} back`}
        </Button>
      </Group>
      <ul className={classes.grid}>
        {shown.map(({ index, path }) => (
          <li key={index}>
            <button
              type="button"
              className={classes.tile}
              title={`Bring ${path} back`}
              aria-label={`Bring ${path} back`}
              onClick={() => onRestore({ image_indexes: [index] })}
              data-testid={`restore-${index}`}
            >
              <img src={imageUrl(projectId, index, "thumbnail")} alt="" loading="lazy" />
              <span>Bring back</span>
            </button>
          </li>
        ))}
      </ul>
      {images.hasNextPage && (
        <Button
          variant="subtle"
          color="gray"
          size="compact-sm"
          onClick={() => void images.fetchNextPage()}
          loading={images.isFetching}
        >
          {`${formatCount(num_images - shown.length)} more`}
        </Button>
      )}
    </div>
  );
}

function useRemovedImages(projectId: number, removalId: number) {
  return useInfiniteQuery({
    queryKey: [...keys.removals(projectId), removalId],
    initialPageParam: undefined as number | undefined,
    queryFn: ({ pageParam }) =>
      unwrap(
        api.GET("/api/v1/projects/{project_id}/removals/{removal_id}/images", {
          params: {
            path: { project_id: projectId, removal_id: removalId },
            query: { limit: PAGE_SIZE, ...(pageParam === undefined ? {} : { after: pageParam }) },
          },
        }),
      ),
    getNextPageParam: (page) => page.next ?? undefined,
  });
}
