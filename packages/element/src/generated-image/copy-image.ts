/** The one type of picture that every browser's clipboard takes. */
const TYPE = "image/png";

async function asPng(address: string): Promise<Blob> {
  const picture = new Image();
  picture.crossOrigin = "anonymous"; // a picture of another origin must allow to be read
  picture.referrerPolicy = "no-referrer";
  picture.src = address;
  await picture.decode();
  const canvas = document.createElement("canvas");
  canvas.width = picture.naturalWidth;
  canvas.height = picture.naturalHeight;
  canvas.getContext("2d")?.drawImage(picture, 0, 0);
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => {
      if (blob === null) reject(new Error("The picture could not be drawn."));
      else resolve(blob);
    }, TYPE);
  });
}

/**
 * Puts the picture at an address into the clipboard, as PNG. To be called while a press is being
 * handled. Rejects if the page may not read the picture, or write to the clipboard.
 *
 * Source: Clipboard API, `ClipboardItem`: a promise keeps the press that allows it.
 */
export async function copyImage(address: string): Promise<void> {
  await navigator.clipboard.write([new ClipboardItem({ [TYPE]: asPng(address) })]);
}
