/** The map, or the whole and the crop map side by side: one selection, one hover, cameras linked or free. */
import { ActionIcon, Tooltip } from "@mantine/core";
import { IconLink, IconLinkOff } from "@tabler/icons-react";
import { lazy, type RefObject, Suspense, useEffect, useImperativeHandle, useMemo, useRef } from "react";
import { useStore } from "zustand";
import { setKeys } from "../../lib/filter";
import { loadLater } from "../../lib/load-later";
import { keepFocus } from "./keep-focus";
import { MapCanvas } from "./map-canvas";
import { CameraLink } from "./map-link";
import type { MapHandle, MountedMap } from "./map-setup";
import classes from "./map-views.module.css";
import { useProject, useView } from "./project-context";

const ExploreOverlay = lazy(() =>
  loadLater(() =>
    import("../explore/explore-overlay").then(({ ExploreOverlay }) => ({ default: ExploreOverlay })),
  ),
);

export function MapViews({ handle }: { handle: RefObject<MapHandle | null> }) {
  const { session } = useProject();
  const hasCrops = useStore(session.map, (state) => state.data?.crop != null);
  const isSplit = useView((view) => view.isSplit) && hasCrops;
  const isLinked = useView((view) => view.isLinked);
  const layout = useView((view) => view.layout);
  const explored = useStore(session.explore, (state) => state.shown);
  const link = useMemo(() => new CameraLink(() => session.view.getState().isLinked), [session]);
  const main = useRef<MountedMap | null>(null);
  const second = useRef<MountedMap | null>(null);

  useEffect(() => {
    const { layout } = session.view.getState();
    if (isLinked && isSplit) (layout === "crop" ? second : main).current?.lead();
  }, [isLinked, isSplit, session]);

  useImperativeHandle(handle, () => {
    const inHand = () => (isSplit && session.view.getState().layout === "crop" ? second : main).current;
    return {
      fit: () => {
        if (!isSplit || isLinked) return inHand()?.fit();
        main.current?.fit();
        second.current?.fit();
      },
      grown: (indexes) => inHand()?.grown(indexes) ?? indexes,
      zoomBy: (factor) => inHand()?.zoomBy(factor),
    };
  }, [isSplit, isLinked, session]);

  return (
    <div className={classes.views} data-testid="map-views" data-split={isSplit}>
      <MapCanvas side="main" isSplit={isSplit} link={link} handle={main} />
      {isSplit && <MapCanvas side="second" isSplit link={link} handle={second} />}
      {explored && (
        <Suspense fallback={null}>
          <ExploreOverlay
            map={main}
            what={explored}
            side={isSplit ? "half" : "main"}
            view={isSplit || !hasCrops ? "whole" : layout}
          />
          {isSplit && <ExploreOverlay map={second} what={explored} side="second" view="crop" />}
        </Suspense>
      )}
      {isSplit && <Divider isLinked={isLinked} />}
    </div>
  );
}

/** Between the two maps: what each of them shows, and whether they move together. */
function Divider({ isLinked }: { isLinked: boolean }) {
  const { session } = useProject();
  const layout = useView((view) => view.layout);
  const isFiltered = useStore(session.filter, (state) => setKeys(state.filter).length > 0);
  const title = isLinked ? "The maps move together: set them free" : "The maps move freely: link them";
  return (
    <>
      <div className={classes.divider} />
      <div
        className={classes.captions}
        data-below-filter={isFiltered}
        role="toolbar"
        aria-label="Both maps"
        onMouseDown={keepFocus}
      >
        <span className={classes.caption} data-in-hand={layout === "whole"} data-testid="caption-whole">
          Whole images
        </span>
        <Tooltip label={title}>
          <ActionIcon
            className={classes.link}
            data-on={isLinked}
            aria-label={title}
            aria-pressed={isLinked}
            onClick={() => session.view.setState({ isLinked: !isLinked })}
            data-testid="link-cameras"
          >
            {isLinked ? <IconLink size={15} /> : <IconLinkOff size={15} />}
          </ActionIcon>
        </Tooltip>
        <span className={classes.caption} data-in-hand={layout === "crop"} data-testid="caption-crop">
          Crops
        </span>
      </div>
    </>
  );
}
