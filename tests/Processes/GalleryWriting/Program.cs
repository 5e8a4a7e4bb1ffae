using ZeroShotCir.Tests.GalleryWriting;

// Commits until it is killed; every line it prints is the number of a step that is safely committed.
Workload.Run(args[0], step => Console.Out.WriteLine(step), () => true);
