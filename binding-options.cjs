// Tells pkg-prebuilds what the addon is called and which Node-API version it needs.
module.exports = { name: 'advnative', napi_versions: [8] };
