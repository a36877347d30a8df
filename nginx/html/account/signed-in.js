// Where single sign-on ends: a page of Doorstep's own, from which the session's cookie is sent.
"use strict";

const message = document.getElementById("message");

async function look() {
	try {
		const answer = await fetch("/api/v1/session");
		const session = await answer.json();
		message.textContent = answer.ok
			? "You are signed in as " + session.given_name + " " + session.family_name + "."
			: session.detail;
	} catch {
		message.textContent = "Doorstep cannot be reached; try again in a moment.";
	}
}

look();
