import type { ElkNode } from 'elkjs/lib/elk-api.js';

/** A box to be placed: which column it stands in, and how large it is. The order of boxes in a column is kept. */
export type Box = {
  readonly id: string;
  readonly column: number;
  readonly width: number;
  readonly height: number;
  /** How far below its top edge lines arrive, by the box that they come from. Left out: anywhere. */
  readonly arrivals?: ReadonlyMap<string, number>;
};

export type Line = { readonly from: string; readonly to: string };

/** Where everything stands, in pixels from the top left corner. */
export type Layout = {
  readonly width: number;
  readonly height: number;
  readonly placeOf: ReadonlyMap<string, { readonly x: number; readonly y: number }>;
  /** For each line, in order, the corners that it passes. */
  readonly corners: readonly (readonly { readonly x: number; readonly y: number }[])[];
};

// docs/adr/0006: of the layout libraries looked at, only this one keeps the order that it is given.
const options = {
  'elk.algorithm': 'layered',
  'elk.direction': 'RIGHT',
  'elk.edgeRouting': 'ORTHOGONAL',
  'elk.partitioning.activate': 'true',
  'elk.separateConnectedComponents': 'false',
  'elk.layered.considerModelOrder.strategy': 'PREFER_NODES',
  // The order is given, so there is none to look for: that takes most of the time.
  'elk.layered.crossingMinimization.forceNodeModelOrder': 'true',
  'elk.layered.crossingMinimization.strategy': 'NONE',
  'elk.layered.crossingMinimization.greedySwitch.type': 'OFF',
  'elk.layered.thoroughness': '1',
  'elk.layered.nodePlacement.strategy': 'NETWORK_SIMPLEX',
  'elk.spacing.nodeNode': '12',
  'elk.spacing.edgeNode': '10',
  'elk.spacing.edgeEdge': '6',
  'elk.layered.spacing.nodeNodeBetweenLayers': '30',
  'elk.layered.spacing.edgeNodeBetweenLayers': '14',
  'elk.layered.spacing.edgeEdgeBetweenLayers': '6',
  'elk.padding': '[top=2,left=2,bottom=2,right=2]',
};

/** Places boxes in columns from left to right, and leads lines between them around the boxes. Same boxes, same places. */
export async function layOut(boxes: readonly Box[], lines: readonly Line[]): Promise<Layout> {
  const { default: elk } = await import('elkjs/lib/elk.bundled.js');
  const graph: ElkNode = {
    id: 'picture',
    layoutOptions: options,
    children: boxes.map(({ id, column, width, height, arrivals }) => ({
      id,
      width,
      height,
      layoutOptions: {
        'elk.partitioning.partition': String(column),
        ...(arrivals === undefined ? {} : { 'elk.portConstraints': 'FIXED_POS' }),
      },
      ports: [...(arrivals ?? [])].map(([from, y]) => ({
        id: portOf(from, id),
        x: 0,
        y,
        width: 0,
        height: 0,
      })),
    })),
    edges: lines.map(({ from, to }, index) => {
      const isFixed = boxes.some(({ id, arrivals }) => id === to && arrivals?.has(from) === true);
      return {
        id: `line-${index}`,
        sources: [from],
        targets: [isFixed ? portOf(from, to) : to],
        layoutOptions: isFixed ? { 'elk.layered.priority.straightness': '10' } : {},
      };
    }),
  };
  const placed = await new elk.default().layout(graph);
  return {
    width: Math.ceil(placed.width ?? 0),
    height: Math.ceil(placed.height ?? 0),
    placeOf: new Map((placed.children ?? []).map(({ id, x = 0, y = 0 }) => [id, { x, y }])),
    corners: (placed.edges ?? []).map(({ sections = [] }) =>
      sections.flatMap(({ startPoint, bendPoints = [], endPoint }) => [startPoint, ...bendPoints, endPoint]),
    ),
  };
}

function portOf(from: string, to: string): string {
  return `${from} at ${to}`;
}
