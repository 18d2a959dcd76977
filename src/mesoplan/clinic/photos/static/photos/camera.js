// The camera's picture goes into the file field.
const media = navigator.mediaDevices;
for (const box of media ? document.querySelectorAll('[data-mp="camera"]') : []) {
  const [start, take, stop] = box.querySelectorAll("button");
  const [video, canvas, said] = box.querySelectorAll("video, canvas, [role=status]");
  const show = (state) => {
    if (state !== "live") video.srcObject?.getTracks().forEach((track) => track.stop());
    box.dataset.state = state;
    said.textContent = box.dataset[state] ?? "";
  };
  start.onclick = async () => {
    const wanted = { facingMode: "environment", width: { ideal: 4096 } };
    video.srcObject = await media.getUserMedia({ video: wanted }).catch(() => null);
    show(video.srcObject ? "live" : "refused");
  };
  stop.onclick = () => show("off");
  take.onclick = () => {
    canvas.width = video.videoWidth;
    canvas.height = video.videoHeight;
    canvas.getContext("2d").drawImage(video, 0, 0);
    canvas.toBlob((made) => {
      const sent = new DataTransfer();
      sent.items.add(new File([made], "camera.jpg"));
      document.getElementById(box.dataset.into).files = sent.files;
      show("taken");
    }, "image/jpeg", 0.95);
  };
  box.hidden = false;
}
