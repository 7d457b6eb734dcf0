/** deck.gl: a ScatterplotLayer for the dots, an IconLayer for the pictures. */
import { Deck, OrthographicView } from "@deck.gl/core";
import { IconLayer, ScatterplotLayer } from "@deck.gl/layers";
import { type Peer, runPeer } from "./peer";
import { cropOf, type PeerScene, THUMBNAIL_PX } from "./scene";

void runPeer(async (scene: PeerScene, container: HTMLElement): Promise<Peer> => {
  const { data, camera, pictures, colourOf } = scene;
  const colours = new Uint8Array(3 * data.numItems);
  for (let item = 0; item < data.numItems; item++) colours.set(colourOf(item), 3 * item);
  const dots = new ScatterplotLayer({
    id: "dots",
    data: {
      length: data.numItems,
      attributes: {
        getPosition: { value: data.positionsA, size: 2 },
        getFillColor: { value: colours, size: 3 },
      },
    },
    radiusUnits: "pixels",
    getRadius: 3,
    pickable: true,
  });
  const atlas = await createImageBitmap(scene.atlas);
  const icons = (retention: number) =>
    new IconLayer<number>({
      id: "pictures",
      data: pictures as number[],
      iconAtlas: atlas as unknown as string,
      iconMapping: Object.fromEntries(
        Array.from({ length: data.pictures.length }, (_, picture) => {
          const [x, y, side] = cropOf(picture, retention);
          return [String(picture), { x, y, width: side, height: side }];
        }),
      ),
      getIcon: (item) => String(data.pictureOf[item]),
      getPosition: (item) => [data.positionsA[2 * item] as number, data.positionsA[2 * item + 1] as number],
      getSize: THUMBNAIL_PX,
      sizeUnits: "pixels",
      updateTriggers: { getIcon: retention },
      pickable: true,
    });
  const viewState = (dx: number) => ({
    target: [camera.x + dx / camera.zoom, camera.y, 0] as [number, number, number],
    zoom: Math.log2(camera.zoom),
  });
  let deck: Deck<OrthographicView> | undefined;
  await new Promise<void>((resolve) => {
    deck = new Deck({
      parent: container as HTMLDivElement,
      views: new OrthographicView({ flipY: false }),
      viewState: viewState(0),
      layers: [dots, icons(0.95)],
      useDevicePixels: true,
      onAfterRender: () => resolve(),
    });
  });
  const ready = deck as Deck<OrthographicView>;
  return {
    pan: (dx) => ready.setProps({ viewState: viewState(dx) }),
    slide: (retention) => ready.setProps({ layers: [dots, icons(retention)] }),
    pick: (x, y) => ready.pickObject({ x, y, radius: 0 }),
  };
});
