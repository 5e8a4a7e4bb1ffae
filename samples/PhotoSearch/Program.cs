WebApplicationBuilder builder = WebApplication.CreateBuilder(args);
builder.Services.AddZeroShotCir(builder.Configuration).UseOnnxModel().UseSkiaDecoder().UseImageSearch();
builder.Services.AddHealthChecks().AddZeroShotCir();

WebApplication app = builder.Build();
app.MapImageSearch();
app.MapHealthChecks("/health");
app.Run();
