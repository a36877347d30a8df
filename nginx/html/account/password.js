// Takes the link that was mailed: what stands behind its # is sent to the program and nowhere
// else, and is gone from the address before that.
"use strict";

const token = location.hash.slice(1);
const form = document.getElementById("form");
const message = document.getElementById("message");

history.replaceState(null, "", location.pathname);

function say(text) {
	message.textContent = text;
}

async function problem_of(answer) {
	const problem = await answer.json().catch(() => ({}));
	const parts = (problem.errors || []).map(error => "The password " + error.detail + ".");
	return parts.join(" ") || problem.detail || "This did not succeed; try again in a moment.";
}

async function set_password(event) {
	event.preventDefault();
	const password = document.getElementById("password").value;
	if (password !== document.getElementById("again").value) {
		say("The two are not the same.");
		return;
	}
	say("…");
	try {
		const answer = await fetch("/api/v1/session/password-reset/complete", {
			method: "POST",
			headers: { "Content-Type": "application/json" },
			body: JSON.stringify({ token: token, new_password: password }),
		});
		if (!answer.ok) {
			say(await problem_of(answer));
			return;
		}
		form.hidden = true;
		say("The password is set. Sign in with " + (await answer.json()).login + ".");
	} catch {
		say("Doorstep cannot be reached; try again in a moment.");
	}
}

if (token) {
	form.hidden = false;
	form.addEventListener("submit", set_password);
} else {
	say("Open this page by the link in the mail.");
}
