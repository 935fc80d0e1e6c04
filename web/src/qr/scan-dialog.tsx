import { Alert, Modal } from 'antd';
import { useEffect, useRef, useState } from 'react';

import { Problem } from '../api/problem.js';
import { ProblemAlert } from '../api/problem-alert.js';
import { useFocusReturn } from '../ui/use-focus-return.js';
import { useWords } from '../words/words.js';
import { decodeQr } from './decode.js';

const WORDS = {
  title: { zh: '扫描二维码', en: 'Scan a QR code' },
  hint: {
    zh: '把二维码放在取景框内。画面只在这台设备上识别，不保存、不上传。',
    en: 'Hold the code into the picture. It is read on this device; nothing is kept or sent.',
  },
  refused: {
    zh: '不能使用摄像头：未获许可，或没有摄像头。可改为上传二维码图片。',
    en: 'The camera cannot be used: not allowed, or none there. Upload a picture of the code instead.',
  },
  video: { zh: '摄像头画面', en: 'Picture of the camera' },
} as const;

/** Milliseconds between two looks at the camera's picture. */
const LOOK_MS = 200;
/** What is wanted of the camera: browsers give 640 × 480 unasked, too little for the code of a whole receipt. */
const CAMERA = { facingMode: 'environment', width: { ideal: 1_920 }, height: { ideal: 1_080 } } as const;

interface Properties {
  /** Told the text of the first code that is seen; the camera is off by then. */
  readonly onText: (text: string) => void;
  readonly onClose: () => void;
}

/** Whether this browser lets a page use a camera at all: only over https, or on the own machine. */
export function hasCamera(): boolean {
  return 'mediaDevices' in navigator && isSecureContext;
}

/** Looks through the camera for a QR code. */
export function ScanDialog({ onText, onClose }: Properties) {
  const w = useWords(WORDS);
  const video = useRef<HTMLVideoElement>(null);
  useFocusReturn();
  const [failure, setFailure] = useState<unknown>();
  const tell = useRef(onText);
  useEffect(() => {
    tell.current = onText;
  });
  useEffect(() => {
    const stop = new AbortController();
    watch(video, stop.signal).then(
      (text) => {
        if (text !== undefined) tell.current(text);
      },
      (error: unknown) => {
        if (!stop.signal.aborted) setFailure(error);
      },
    );
    return () => {
      stop.abort();
    };
  }, []);
  return (
    <Modal open title={w.title} footer={null} onCancel={onClose}>
      {failure === undefined ? (
        <>
          <video ref={video} className="camera" muted playsInline aria-label={w.video} />
          <p className="hint">{w.hint}</p>
        </>
      ) : failure instanceof Problem ? (
        <ProblemAlert error={failure} />
      ) : (
        <Alert type="warning" showIcon title={w.refused} />
      )}
    </Modal>
  );
}

async function watch(
  video: { readonly current: HTMLVideoElement | null },
  signal: AbortSignal,
): Promise<string | undefined> {
  const stream = await navigator.mediaDevices.getUserMedia({ video: CAMERA });
  try {
    while (!signal.aborted) {
      const { current } = video;
      if (current !== null && current.srcObject === null) {
        current.srcObject = stream;
        await current.play();
      }
      const text = current === null ? undefined : await decodeQr(current);
      if (text !== undefined) return text;
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
    return undefined;
  } finally {
    for (const track of stream.getTracks()) track.stop();
  }
}
