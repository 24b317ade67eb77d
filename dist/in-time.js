// src/process/in-time.ts
/**
* Waits for work that cannot be stopped, up to a limit; what becomes of it after that is not looked at.
* @param milliseconds the limit
* @returns what the work gave, or 'late'
* @throws what the work threw in time
*/
async function inTime(work, milliseconds) {
	let timer;
	const limit = new Promise((resolve) => {
		timer = setTimeout(() => {
			resolve("late");
		}, milliseconds);
	});
	try {
		return await Promise.race([work, limit]);
	} finally {
		clearTimeout(timer);
	}
}
export { inTime as t };
