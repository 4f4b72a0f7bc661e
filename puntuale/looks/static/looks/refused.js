// Whoever signs in again in another tab gets a new token there; a form that waits here takes it over when it is sent.

const form = document.getElementById("again");
form.addEventListener("submit", () => {
  const field = form.querySelector("[name=csrfmiddlewaretoken]");
  const fresh = document.cookie.match(/(?:^|; )csrftoken=(\w+)/);
  if (field && fresh) field.value = fresh[1];
});
