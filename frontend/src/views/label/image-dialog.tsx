import { ActionIcon, Modal } from "@mantine/core";
import { IconChevronLeft, IconChevronRight } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useStore } from "zustand";
import { messageOf } from "../../api/problem";
import { imageQuery, predictionQuery } from "../../api/queries";
import { formatBytes, formatDateTime } from "../../lib/format";
import { countPresent, nextPresent } from "../../lib/removed";
import { useScreenKeys } from "../common/use-screen-keys";
import { ClassButtons } from "./class-buttons";
import classes from "./image-dialog.module.css";
import { ImageFacts } from "./image-facts";
import { ImageHistory } from "./image-history";
import { useImageLook } from "./image-look";
import { ImageNeighbours } from "./image-neighbours";
import { ImageStage } from "./image-stage";
import { labelImage } from "./label-gestures";
import { useProject } from "./project-context";
import { SaliencyOverlay } from "./saliency-overlay";

/** One image large: its crop box and attention, its label, prediction and history. Arrow keys go on. */
export function ImageDialog() {
  const { session } = useProject();
  const index = useStore(session.screen, (screen) => screen.openImage);
  const close = () => session.screen.setState({ openImage: null });
  return (
    <Modal
      opened={index !== null}
      onClose={close}
      size="min(74rem, 94vw)"
      padding={0}
      withCloseButton={false}
      data-testid="image-dialog"
      attributes={{ content: { "aria-label": `Image ${index ?? ""}` } }}
    >
      {index !== null && <ImageView index={index} onClose={close} />}
    </Modal>
  );
}

function useNeighbours(index: number) {
  const { session } = useProject();
  const data = useStore(session.map, (state) => state.data);
  const removed = data?.removed ?? null;
  const numImages = data?.numImages ?? 0;
  const order = useStore(session.screen, (screen) => screen.gridOrder);
  const at = order.indexOf(index);
  // From an image of the selection the arrows walk through its grid, else through all images.
  const isInGrid = at >= 0 && order.length > 1;
  const count = isInGrid ? order.length : (data?.numPresent ?? 0);
  const position = isInGrid ? at : countPresent(removed?.subarray(0, index) ?? null, index);
  const step = (by: number) => {
    const next = isInGrid ? order[at + by] : nextPresent(index, by, numImages, removed);
    if (next != null) session.screen.setState({ openImage: next });
  };
  return { position, count, step };
}

function ImageView({ index, onClose }: { index: number; onClose: () => void }) {
  const { session, project } = useProject();
  const modelNumber = project.model?.number ?? null;
  const image = useQuery(imageQuery(session.projectId, index));
  const prediction = useQuery(predictionQuery(session.projectId, index, modelNumber));
  const [look, changeLook] = useImageLook();
  const [chosenClass, setChosenClass] = useState<number | null>(null);
  const kept = prediction.data?.saliency_class_ids ?? [];
  const saliencyClassId =
    chosenClass !== null && kept.includes(chosenClass) ? chosenClass : (kept[0] ?? null);
  const { position, count, step } = useNeighbours(index);
  const { classes: active, may } = useProject();
  const assign = (classId: number) => labelImage(session, index, classId);
  const classKeys = may("label") ? active.filter((entry) => entry.hotkey !== "") : [];
  useScreenKeys([
    ...classKeys.map((entry): [string, () => void] => [entry.hotkey, () => assign(entry.id)]),
    ["ArrowLeft", () => step(-1)],
    ["ArrowRight", () => step(1)],
    ["Escape", onClose],
  ]);

  return (
    <div className={classes.view}>
      <ImageStage index={index} image={image.data ?? null} look={look}>
        {prediction.data && saliencyClassId !== null && (
          <SaliencyOverlay
            index={index}
            modelVersion={prediction.data.model_version}
            classId={saliencyClassId}
            opacity={look.opacity}
          />
        )}
      </ImageStage>
      <div className={classes.side}>
        <div className={classes.nav}>
          <span className="num">
            {position + 1} of {count}
          </span>
          <ActionIcon aria-label="Previous image" disabled={position === 0} onClick={() => step(-1)}>
            <IconChevronLeft size={16} />
          </ActionIcon>
          <ActionIcon aria-label="Next image" disabled={position >= count - 1} onClick={() => step(1)}>
            <IconChevronRight size={16} />
          </ActionIcon>
        </div>
        {image.error && <p role="alert">{messageOf(image.error)}</p>}
        {image.data && (
          <div className={classes.file}>
            <h2 title={image.data.path}>{image.data.path.split("/").at(-1)}</h2>
            <p className="num">
              {image.data.width} × {image.data.height} · {image.data.file_format} ·{" "}
              {formatBytes(image.data.num_bytes)}
            </p>
            <p className="num">Added {formatDateTime(image.data.created_at)}</p>
          </div>
        )}
        <ImageFacts
          index={index}
          prediction={prediction.data ?? null}
          saliencyClassId={saliencyClassId}
          onSaliencyClass={setChosenClass}
          look={look}
          onLook={changeLook}
        />
        {may("label") && <ClassButtons classes={active} onAssign={assign} />}
        <ImageNeighbours index={index} />
        <ImageHistory index={index} />
      </div>
    </div>
  );
}
