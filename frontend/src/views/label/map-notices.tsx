/** What lies over the map: its loading, empty and broken states, the first steps, and what the project lacks. */

import { Alert, Button, Loader } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { lazy, Suspense } from "react";
import { useStore } from "zustand";
import { loadLater } from "../../lib/load-later";
import { isActive } from "../../state/jobs";
import { StateCard } from "../common/states";
import { MapAnnouncer } from "./map-announcer";
import { DrawnCount, HoverCaption } from "./map-captions";
import classes from "./map-notices.module.css";
import { useProject } from "./project-context";

const WeightsNotice = lazy(() =>
  loadLater(() => import("./weights-notice").then(({ WeightsNotice }) => ({ default: WeightsNotice }))),
);
const AllRemoved = lazy(() =>
  loadLater(() => import("./all-removed").then(({ AllRemoved }) => ({ default: AllRemoved }))),
);
const FirstSteps = lazy(() =>
  loadLater(() => import("./first-steps").then(({ FirstSteps }) => ({ default: FirstSteps }))),
);

export interface MapNoticesProps {
  onImport: () => void;
  onAddClass: () => void;
}

export function MapNotices({ onImport, onAddClass }: MapNoticesProps) {
  const { session } = useProject();
  const { status, error, data } = useStore(session.map);
  return (
    <>
      <div className={classes.top}>
        <Suspense>
          <WeightsNotice />
        </Suspense>
        {error && data && (
          <Alert className={classes.alert} color="yellow" icon={<IconAlertTriangle size={17} />}>
            The map could not be brought up to date: {error}
          </Alert>
        )}
      </div>
      {!data && (
        <div className={classes.centre}>
          {status === "loading" ? (
            <Loader color="gray" aria-label="Loading the map" />
          ) : (
            <StateCard
              role="alert"
              icon={<IconAlertTriangle size={22} />}
              title="The map could not be read"
              detail={error}
              actions={
                <Button variant="default" onClick={() => session.refreshMap()}>
                  Try again
                </Button>
              }
            />
          )}
        </div>
      )}
      {data?.numImages === 0 && <EmptyProject onImport={onImport} onAddClass={onAddClass} />}
      {data && data.numImages > 0 && data.numPresent === 0 && (
        <div className={classes.centre}>
          <Suspense>
            <AllRemoved />
          </Suspense>
        </div>
      )}
      {data && data.numPresent > 0 && <PlacingHint />}
      <HoverCaption />
      <DrawnCount />
      <MapAnnouncer />
    </>
  );
}

function EmptyProject({ onImport, onAddClass }: MapNoticesProps) {
  const { session } = useProject();
  const isImporting = useStore(session.jobs, (state) =>
    state.jobs.some((job) => job.kind === "import" && isActive(job)),
  );
  return (
    <div className={classes.centre}>
      <Suspense>
        <FirstSteps isImporting={isImporting} onImport={onImport} onAddClass={onAddClass} />
      </Suspense>
    </div>
  );
}

/** Images are there but none has a place yet: their features are being computed. */
function PlacingHint() {
  const { session } = useProject();
  const hasPlaces = useStore(session.map, (state) => state.data?.projectionIds.whole != null);
  if (hasPlaces) return null;
  return (
    <div className={classes.placing} role="status" data-testid="placing-hint">
      <Loader color="gray" size={13} />
      The map is being made. Until then the images lie in the order they came.
    </div>
  );
}
