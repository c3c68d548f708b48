// What is selected in the original goes to the field of "Thêm mục"; without this it is copied there by hand.
const paper = document.querySelector("article.paper");
const words = document.getElementById("id_words");
if (paper && words) {
  const take = () => {
    const selection = getSelection();
    const text = selection?.toString().trim();
    if (text && paper.contains(selection.anchorNode)) words.value = text;
  };
  paper.addEventListener("mouseup", take);
  paper.addEventListener("keyup", take);
  paper.addEventListener("touchend", take);
}
